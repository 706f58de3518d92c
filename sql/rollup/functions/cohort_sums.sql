create or replace function rollup.cohort_sums(p_month date, p_until date) returns setof rollup.cohort_sum
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What accounts staked and lost in a month (up to p_until) by the month of their first bet: of each kind of
-- gambling by the first bet on it, over all kinds (0) by the first of all. Accounts that had not bet by then
-- are of no cohort.
begin
  return query
  with played as materialized (
    select
      d.operator_id, d.shard, d.player, d.gambling_type_id as kind, d.currency,
      sum(d.stake_minor - d.refund_minor) as net_stake, sum(d.win_minor) as win
    from rollup.player_day as d
    where d.day >= p_month and d.day <= p_until
    group by d.operator_id, d.shard, d.player, d.gambling_type_id, d.currency
  ),
  accounts as (
    select p.operator_id, p.shard, p.player, p.kind, p.currency, p.net_stake, p.win from played as p
    union all
    select p.operator_id, p.shard, p.player, 0::smallint, p.currency, sum(p.net_stake), sum(p.win)
    from played as p
    group by p.operator_id, p.shard, p.player, p.currency
  )
  select
    a.operator_id, a.shard, p_month, a.kind, date_trunc('month', f.day::timestamp)::date, a.currency,
    sum(a.net_stake)::bigint, sum(a.net_stake - a.win)::bigint
  from accounts as a
  cross join lateral (
    select d.day from rollup.player_day as d
    where d.operator_id = a.operator_id and d.shard = a.shard and d.player = a.player
      and (a.kind = 0 or d.gambling_type_id = a.kind) and d.bets > 0
    order by d.day limit 1
  ) as f
  where f.day <= p_until
  group by 1, 2, 4, 5, 6;
end
$body$;
comment on function rollup.cohort_sums(date, date) is
  'Stakes and GGR of a month by cohorts of accounts: what rollup.cohort_sum holds.';
