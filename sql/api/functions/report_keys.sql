create or replace function api.report_keys(
  p_by text[], p_is_total boolean, p_key_1 bigint, p_key_2 bigint, p_key_3 bigint
) returns text[]
  language sql stable parallel safe
begin atomic
  select case when not p_is_total then (array[
    api.report_key_text(p_by[1], p_key_1), api.report_key_text(p_by[2], p_key_2),
    api.report_key_text(p_by[3], p_key_3)
  ])[1:cardinality(p_by)] end;
end;
comment on function api.report_keys(text[], boolean, bigint, bigint, bigint) is
  'The keys of a row, one for each dimension of the grouping; null for the total.';
