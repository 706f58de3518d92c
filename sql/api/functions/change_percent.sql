create or replace function api.change_percent(
  p_now bigint, p_now_days bigint, p_before bigint, p_before_days bigint
) returns numeric
  language sql immutable parallel safe
begin atomic
  select case when p_before > 0 and p_now_days > 0
    then round(100 * (p_now::numeric * p_before_days / (p_before::numeric * p_now_days) - 1), 4) end;
end;
comment on function api.change_percent(bigint, bigint, bigint, bigint) is
  'Change of a daily mean in per cent; null where there was nothing positive to compare with.';
