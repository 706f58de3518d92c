create or replace function api.report_time_dimension(p_by text[]) returns integer
  language sql immutable parallel safe
begin atomic
  select coalesce(
    array_position(p_by, 'day'), array_position(p_by, 'week'), array_position(p_by, 'month'),
    array_position(p_by, 'quarter'), array_position(p_by, 'year'), array_position(p_by, 'hour'));
end;
comment on function api.report_time_dimension(text[]) is
  'Which dimension of a grouping is one of time, from 1; null where none is.';
