create or replace function rollup.periods_of(p_day date)
  returns table (grain text, period_start date)
  language sql immutable parallel safe
begin atomic
  select g.grain, date_trunc(g.grain, p_day::timestamp)::date as period_start
  from unnest(array['day', 'week', 'month', 'quarter']) as g (grain);
end;
comment on function rollup.periods_of(date) is
  'The day, week (from Monday), month and quarter in which a day lies, by their first days.';
