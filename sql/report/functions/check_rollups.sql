create or replace function report.check_rollups(
  p_from timestamptz default '-infinity', p_until timestamptz default 'infinity'
) returns table (object text, key jsonb, stored jsonb, recomputed jsonb)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Recomputes the rollups and the batches' totals from raw rows and returns every difference: no row
-- means that every figure shown is exact. The period is widened to whole days of Europe/Kyiv and
-- cut at the archive horizon, before which there are no raw rows to count. Infinite bounds allowed.
declare
  key_names constant text[] := array[
    'block', 'breach', 'channel_id', 'currency', 'day', 'equipment_id', 'flags', 'gambling_type_id',
    'game_id', 'hour', 'licence_id', 'month', 'on_equipment', 'operator_id', 'payment', 'received_day',
    'received_hour', 'received_month', 'shard'
  ];
  horizon constant timestamptz := (
    select coalesce(max(a.archived_until), '-infinity') from ledger.archive as a
  );
  first_day date := (greatest(p_from, horizon) at time zone 'Europe/Kyiv')::date;
  last_day date := (p_until at time zone 'Europe/Kyiv')::date;
  first_moment timestamptz;
  last_moment timestamptz;
  first_month date;
  last_of_month date;
begin
  if last_day::timestamp at time zone 'Europe/Kyiv' < p_until then
    last_day := last_day + 1;
  end if;
  if horizon > p_from and isfinite(first_day) then
    first_day := first_day + 1; -- the day the horizon cuts cannot be recomputed
  end if;
  first_moment := first_day::timestamp at time zone 'Europe/Kyiv';
  last_moment := last_day::timestamp at time zone 'Europe/Kyiv';
  first_month := date_trunc('month', first_day::timestamp)::date;
  last_of_month := (date_trunc('month', (last_day - 1)::timestamp) + interval '1 month')::date - 1;

  return query
  select 'rollup.hour'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.hour as x where x.hour >= first_moment and x.hour < last_moment) as s
  full join rollup.recount_hour(first_moment, last_moment) as r using (
    operator_id, shard, hour, licence_id, channel_id, gambling_type_id, currency, payment,
    flags, breach, received_hour
  )
  cross join lateral (
    select
      operator_id, shard, hour, licence_id, channel_id, gambling_type_id, currency, payment,
      flags, breach, received_hour
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.game_hour'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.game_hour as x where x.hour >= first_moment and x.hour < last_moment) as s
  full join rollup.recount_game_hour(first_moment, last_moment) as r using (
    operator_id, shard, hour, game_id, equipment_id, currency, received_hour
  )
  cross join lateral (
    select
      operator_id, shard, hour, game_id, equipment_id, currency, received_hour
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.game_day'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.game_day as x where x.day >= first_day and x.day < last_day) as s
  full join rollup.recount_game_day(first_moment, last_moment) as r using (
    operator_id, shard, day, game_id, equipment_id, currency, received_day
  )
  cross join lateral (
    select
      operator_id, shard, day, game_id, equipment_id, currency, received_day
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  -- From rollup.game_day and rollup.hour, which are held against raw rows above.
  return query
  select 'rollup.play_day'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.play_day as x where x.day >= first_day and x.day < last_day) as s
  full join rollup.recount_play_day(first_day, last_day - 1) as r using (
    operator_id, shard, day, game_id, on_equipment, currency, received_day
  )
  cross join lateral (
    select
      operator_id, shard, day, game_id, on_equipment, currency, received_day
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.mark_day'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.mark_day as x where x.day >= first_day and x.day < last_day) as s
  full join rollup.recount_mark_day(first_moment, last_moment) as r using (
    operator_id, shard, day, licence_id, channel_id, gambling_type_id, currency, breach, received_day
  )
  cross join lateral (
    select
      operator_id, shard, day, licence_id, channel_id, gambling_type_id, currency, breach, received_day
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.market_mark_day'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.market_mark_day as x where x.day >= first_day and x.day < last_day) as s
  full join rollup.recount_market_mark_day(first_day, last_day - 1) as r using (day, shard, currency, breach, block)
  cross join lateral (select day, shard, currency, breach, block) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.day'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.day as x where x.day >= first_day and x.day < last_day) as s
  full join rollup.recount_day(first_moment, last_moment) as r using (
    operator_id, shard, day, gambling_type_id, licence_id, currency, received_day
  )
  cross join lateral (
    select
      operator_id, shard, day, gambling_type_id, licence_id, currency, received_day
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  -- Of the months that the period touches, from days: a part of a month cannot be told from raw rows.
  return query
  select 'rollup.month'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (
    select x.* from rollup.month as x where x.month >= first_month and x.month <= last_day - 1
  ) as s
  full join rollup.recount_month(first_month, last_of_month) as r using (
    operator_id, shard, month, gambling_type_id, licence_id, currency, received_month
  )
  cross join lateral (
    select
      operator_id, shard, month, gambling_type_id, licence_id, currency, received_month
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.play_month'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.play_month as x where x.month >= first_month and x.month <= last_day - 1) as s
  full join rollup.recount_play_month(first_month, last_of_month) as r using (
    operator_id, shard, month, game_id, on_equipment, currency, received_month
  )
  cross join lateral (
    select
      operator_id, shard, month, game_id, on_equipment, currency, received_month
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.equipment_month'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.equipment_month as x where x.month >= first_month and x.month <= last_day - 1) as s
  full join rollup.recount_equipment_month(first_month, last_of_month) as r using (
    operator_id, shard, equipment_id, month
  )
  cross join lateral (
    select
      operator_id, shard, equipment_id, month
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'rollup.mark_month'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from rollup.mark_month as x where x.month >= first_month and x.month <= last_day - 1) as s
  full join rollup.recount_mark_month(first_month, last_of_month) as r using (
    operator_id, shard, month, licence_id, channel_id, gambling_type_id, currency, breach
  )
  cross join lateral (
    select
      operator_id, shard, month, licence_id, channel_id, gambling_type_id, currency, breach
  ) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select 'report.declared_days'::text, to_jsonb(k), to_jsonb(s) - key_names, to_jsonb(r) - key_names
  from (select x.* from report.declared_days as x where x.month >= first_month and x.month <= last_of_month) as s
  full join report.recount_declared_days(first_month, last_of_month) as r using (operator_id, month, currency)
  cross join lateral (select operator_id, month, currency) as k
  where to_jsonb(s) - key_names is distinct from to_jsonb(r) - key_names;

  return query
  select
    'ledger.batch'::text, jsonb_build_object('id', coalesce(b.id, r.batch_id)),
    jsonb_build_object('row_count', b.row_count, 'totals', to_jsonb(b.totals)),
    jsonb_build_object('row_count', r.row_count, 'totals', to_jsonb(r.totals))
  from ledger.batch as b
  full join ledger.recount_batches(first_moment, last_moment) as r on r.batch_id = b.id
  where b.id is null
    or b.occurred_from >= first_moment and b.occurred_until < last_moment
    and (b.row_count, b.totals) is distinct from (r.row_count, r.totals);
end
$body$;
comment on function report.check_rollups(timestamptz, timestamptz) is
  'Differences between rollups, receipts'' totals and raw rows; none when all is exact.';
