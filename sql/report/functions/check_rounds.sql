create or replace function report.check_rounds(
  p_from timestamptz default '-infinity', p_until timestamptz default 'infinity'
) returns table (object text, key jsonb, stored jsonb, recomputed jsonb)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Recomputes the rounds of days that are counted and returns every difference: no row means that all is
-- exact. Left out are days that are due to be counted again, and operators of whom something has come
-- since that may change the day. Days whose bets may be archived stand as they were counted.
declare
  horizon constant date := (
    select (max(a.archived_until) at time zone 'Europe/Kyiv')::date + 32 from ledger.archive as a
  );
  key_names constant text[] := array[
    'channel_id', 'currency', 'day', 'month', 'game_id', 'operator_id', 'shard', 'stake_band', 'counted_at'
  ];
  one record;
begin
  for one in
    select m.day, array_agg(m.operator_id) as operators
    from rollup.matched_day as m
    where m.day >= (p_from at time zone 'Europe/Kyiv')::date
      and m.day < p_until at time zone 'Europe/Kyiv'
      and (horizon is null or m.day >= horizon)
      and not exists (
        select from rollup.round_due as d where d.day = m.day and d.operator_id = m.operator_id)
      and not exists (
        select from ledger.batch as b
        where b.operator_id = m.operator_id
          and b.received_at >= (select p.counted_until from rollup.round_progress as p)
          and b.occurred_until >= (m.day - 31)::timestamp at time zone 'Europe/Kyiv'
          and b.occurred_from < (m.day + 1)::timestamp at time zone 'Europe/Kyiv')
    group by m.day
    order by m.day
  loop
    return query
    with told as materialized (select r.* from rollup.recount_round_day(one.day, one.operators) as r),
    kept as materialized (
      select d.* from rollup.round_day as d
      where d.day = one.day and d.operator_id = any (one.operators)
    )
    select
      'rollup.round_day'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
    from kept as s
    full join told as r using (
      operator_id, shard, day, game_id, channel_id, currency, stake_band
    )
    cross join lateral (
      select operator_id, shard, day, game_id, channel_id, currency, stake_band
    ) as k
    where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names
    union all
    select
      'rollup.return_day', to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
    from (
      select d.* from rollup.return_day as d
      where d.day = one.day and d.operator_id = any (one.operators)
    ) as s
    full join rollup.return_days(one.day, one.operators) as r using (operator_id, shard, day, game_id, currency)
    cross join lateral (select operator_id, shard, day, game_id, currency) as k
    where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names
    union all
    select
      'rollup.return_month', to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
    from (
      select d.* from rollup.return_month as d
      where d.month = date_trunc('month', one.day::timestamp)::date and d.operator_id = any (one.operators)
    ) as s
    full join rollup.return_months(date_trunc('month', one.day::timestamp)::date, one.operators) as r
      using (operator_id, shard, month, game_id, currency)
    cross join lateral (select operator_id, shard, month, one.day as day, game_id, currency) as k
    where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names
    union all
    select
      'rollup.matched_day', jsonb_build_object('operator_id', m.operator_id, 'day', one.day),
      to_jsonb(m) - key_names,
      jsonb_build_object('known_count', t.known_count, 'unknown_count', t.unknown_count)
    from rollup.matched_day as m
    left join lateral (
      select
        coalesce(sum(x.payout_count) filter (where x.stake_band > 0), 0) as known_count,
        coalesce(sum(x.payout_count) filter (where x.stake_band = 0), 0) as unknown_count
      from told as x where x.operator_id = m.operator_id
    ) as t on true
    where m.day = one.day and m.operator_id = any (one.operators)
      and (m.known_count, m.unknown_count) is distinct from (t.known_count, t.unknown_count);
  end loop;
end
$body$;
comment on function report.check_rounds(timestamptz, timestamptz) is
  'Differences between rounds of closed days and raw rows; none when all is exact.';
