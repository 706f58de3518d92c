create or replace function api.whole_months(p_first date, p_last date, p_nothing_after boolean)
  returns table (month_from date, month_until date)
  language sql immutable parallel safe
-- Which months of a period of whole days are read whole: from the first until before the second; none where
-- both are p_first. A month that goes on is whole when nothing is stored of the days of it that are left
-- out, which p_nothing_after says.
begin atomic
  with inner_months as (
    select
      date_trunc('month', p_first + interval '1 month' - interval '1 day')::date as since,
      date_trunc('month', (p_last + 1)::timestamp)::date as until
  ),

  months as (
    select
      m.since, case when m.since <= m.until and m.until <= p_last and p_nothing_after
        then (m.until + interval '1 month')::date else m.until end as until
    from inner_months as m
  )

  select
    case when m.until > m.since then m.since else p_first end as month_from,
    case when m.until > m.since then m.until else p_first end as month_until
  from months as m;
end;
comment on function api.whole_months(date, date, boolean) is 'Which months of a period are read whole.';
