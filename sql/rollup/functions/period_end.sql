create or replace function rollup.period_end(p_grain text, p_start date) returns date
  language sql immutable parallel safe
  return (
    p_start::timestamp + case p_grain
      when 'day' then interval '1 day'
      when 'week' then interval '7 days'
      when 'month' then interval '1 month'
      when 'quarter' then interval '3 months'
    end
  )::date - 1;
comment on function rollup.period_end(text, date) is
  'The last day of the day, week, month or quarter that begins on a day.';
