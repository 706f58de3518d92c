create or replace function api.percent(p_part bigint, p_whole bigint) returns numeric
  language sql immutable parallel safe
begin atomic
  select case when p_whole > 0 then round(100 * p_part::numeric / p_whole, 4) end;
end;
comment on function api.percent(bigint, bigint) is
  'A part as per cent of a whole, four decimals; null where there is no positive whole.';
