create or replace function api.report_days(
  p_dimension text, p_key bigint, p_first date, p_last date, p_shift interval
) returns bigint
  language sql immutable parallel safe
-- How many days of a period fall into a row, or of the period that lies so far before it. Rows that
-- are not of days hold the whole period. Days that two months share map to one day (31 January and
-- a month later), as in api.report_flows. One expression, so that it is inlined.
begin atomic
  select (
    (least(p_last + 1, case p_dimension
      when 'day' then date '2000-01-01' + p_key::integer + 1
      when 'week' then date '2000-01-01' + p_key::integer + 7
      when 'month' then (date '2000-01-01' + p_key::integer + interval '1 month')::date
      when 'quarter' then (date '2000-01-01' + p_key::integer + interval '3 months')::date
      when 'year' then (date '2000-01-01' + p_key::integer + interval '1 year')::date
      else p_last + 1 end) - p_shift)::date
    - (greatest(p_first, case when p_dimension in ('day', 'week', 'month', 'quarter', 'year')
      then date '2000-01-01' + p_key::integer else p_first end) - p_shift)::date
  )::bigint;
end;
comment on function api.report_days(text, bigint, date, date, interval) is
  'How many days stand behind a row of a report, or behind its counterpart in an earlier period.';
