create or replace function api.average(p_sum bigint, p_count bigint) returns bigint
  language sql immutable parallel safe
begin atomic
  select case when p_count > 0 then round(p_sum::numeric / p_count)::bigint end;
end;
comment on function api.average(bigint, bigint) is
  'A sum in minor units per item, to the minor unit; null without any item.';
