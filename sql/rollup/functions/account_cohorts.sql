create or replace function rollup.account_cohorts(p_month date, p_until date)
  returns setof rollup.account_cohort
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Of the accounts active in a month (up to p_until): how many were first active in which month.
begin
  return query
  with played as materialized (
    select distinct d.operator_id, d.shard, d.player, d.gambling_type_id as kind
    from rollup.player_day as d
    where d.day >= p_month and d.day <= p_until and d.bets > 0
  ),
  accounts as (
    select p.operator_id, p.shard, p.player, p.kind from played as p
    union
    select p.operator_id, p.shard, p.player, 0::smallint from played as p
  )
  select
    a.operator_id, a.shard, p_month, a.kind, date_trunc('month', f.day::timestamp)::date, count(*)
  from accounts as a
  cross join lateral (
    select d.day from rollup.player_day as d
    where d.operator_id = a.operator_id and d.shard = a.shard and d.player = a.player
      and (a.kind = 0 or d.gambling_type_id = a.kind) and d.bets > 0
    order by d.day limit 1
  ) as f
  group by 1, 2, 4, 5;
end
$body$;
comment on function rollup.account_cohorts(date, date) is
  'Accounts active in a month by the month of their first bet: what rollup.account_cohort holds.';
