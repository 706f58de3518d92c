create or replace function api.report_cash(
  p_first date, p_last date, p_by text[], p_operators integer[], p_as_of timestamptz default null
) returns table (
    is_total boolean, key_1 bigint, key_2 bigint, key_3 bigint, large_count bigint, large_minor bigint,
    pass_through_count bigint, unverified_count bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Large deposits and accounts through which money passed (an account counts on each of its days), under the keys
-- of reports, of closed days by operator and time alone; rows of other groupings have none. unverified_count:
-- limits that held on the row's days and that no second official has confirmed. As of a moment: of days that
-- had closed and were counted by then; nothing where one of them was counted again since.
declare
  by_time constant text := p_by[api.report_time_dimension(p_by)];
  -- The last day that had closed by the moment: at 03:00 of the next.
  last_closed constant date := least(
    p_last, ((p_as_of at time zone 'Europe/Kyiv') - interval '27 hours')::date);
  told constant boolean := cardinality(p_by) > 0
    and p_by <@ array['operator', 'day', 'week', 'month', 'quarter', 'year'];
begin
  return query
  with days as materialized (
    select
      api.report_key(
        p_by[1], c.day, null, c.operator_id, null, null, null, null, null, null, null) as key_1,
      api.report_key(
        p_by[2], c.day, null, c.operator_id, null, null, null, null, null, null, null) as key_2,
      api.report_key(
        p_by[3], c.day, null, c.operator_id, null, null, null, null, null, null, null) as key_3,
      api.report_key(
        by_time, c.day, null, c.operator_id, null, null, null, null, null, null, null) as time_key,
      api.total(c.large_count) as large, api.total(c.large_minor) as minor,
      api.total(c.pass_through_count) as passed
    from api.cash_day as c
    where c.day >= p_first and c.day <= last_closed
      and (p_operators is null or c.operator_id = any (p_operators))
    group by 1, 2, 3, 4
  ),
  used as materialized (
    select distinct api.report_key(
        by_time, c.day, null, 0, null, null, null, null, null, null, null) as time_key, l.id
    from api.cash_progress as c
    cross join lateral jsonb_array_elements_text(c.rules -> 'limits') as u (id)
    join api.cash_limit as l on l.id = u.id::integer
    where c.day >= p_first and c.day <= last_closed
      and (l.verified_by is null or l.verified_at > p_as_of)
  ),
  again as materialized (
    select distinct api.report_key(
        by_time, c.day, null, 0, null, null, null, null, null, null, null) as time_key
    from api.cash_progress as c
    where c.made_at > p_as_of and c.day >= p_first and c.day <= last_closed
  ),
  unverified as (
    select u.time_key, count(*) as number from used as u group by u.time_key
  )
  select
    false, d.key_1, d.key_2, d.key_3, d.large, d.minor, d.passed, coalesce(n.number, 0)
  from days as d
  left join unverified as n on n.time_key = d.time_key
  where told and not exists (select from again as g where g.time_key = d.time_key)
  union all
  select
    true, -1, -1, -1, api.total(d.large), api.total(d.minor), api.total(d.passed),
    (select count(distinct u.id) from used as u)
  from days as d
  having count(*) > 0 and not exists (select from again as g);
end
$body$;
comment on function api.report_cash(date, date, text[], integer[], timestamptz) is
  'Large deposits and accounts through which money passed, under the keys of reports.';
