create or replace function api.report_shift(p_first date, p_last date, p_against text)
  returns interval
  language sql immutable parallel safe
-- How much later a period is than the one that it is compared with: week, year, or previous, which is
-- the period of equal length just before; of whole months so many months, however long those are.
begin atomic
  select case p_against
    when 'week' then interval '7 days'
    when 'year' then interval '1 year'
    when 'previous' then
      case when extract(day from p_first) = 1 and extract(day from p_last + 1) = 1
        then make_interval(months => (
          12 * (extract(year from p_last + 1) - extract(year from p_first))
          + extract(month from p_last + 1) - extract(month from p_first))::integer)
        else make_interval(days => p_last - p_first + 1)
      end
    else interval '0 days'
  end;
end;
comment on function api.report_shift(date, date, text) is
  'The distance from a period back to the one that it is compared with.';
