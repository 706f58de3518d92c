create or replace function rollup.recount_accounts(p_grain text, p_start date)
  returns setof rollup.account_count
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The slow and obvious way to rollup.account_count, from rollup.player_day: accounts with a bet in the
-- period, those of them without one before it, and their days with a bet.
declare
  last_day constant date := rollup.period_end(p_grain, p_start);
begin
  return query
  with played as materialized (
    select distinct d.operator_id, d.shard, d.player, d.gambling_type_id as kind, d.day
    from rollup.player_day as d
    where d.day >= p_start and d.day <= last_day and d.bets > 0
  ),
  accounts as (
    select d.operator_id, d.shard, d.player, d.kind, count(*) as days
    from (
      select p.operator_id, p.shard, p.player, p.kind, p.day from played as p
      union
      select p.operator_id, p.shard, p.player, 0::smallint, p.day from played as p
    ) as d
    group by d.operator_id, d.shard, d.player, d.kind
  )
  select
    a.operator_id, a.shard, p_grain, p_start, a.kind, count(*),
    count(*) filter (where not exists (
      select from rollup.player_day as d
      where d.operator_id = a.operator_id and d.shard = a.shard and d.player = a.player
        and (a.kind = 0 or d.gambling_type_id = a.kind) and d.day < p_start and d.bets > 0
    )),
    sum(a.days)::bigint
  from accounts as a
  group by a.operator_id, a.shard, a.kind;
end
$body$;
comment on function rollup.recount_accounts(text, date) is
  'What rollup.account_count must hold of a period, recounted from rollup.player_day.';
