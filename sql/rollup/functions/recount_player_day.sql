create or replace function rollup.recount_player_day(p_day date) returns setof rollup.player_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set enable_nestloop = off
as $body$
-- The slow and obvious way to rollup.player_day, from the raw rows of a day of Europe/Kyiv: those of
-- batches that are counted already. A bet counts unless a counted batch took it back that arrived
-- before the day closed.
declare
  moment_from constant timestamptz := p_day::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_day + 1)::timestamp at time zone 'Europe/Kyiv';
begin
  return query
  with counted as materialized (
    select c.batch_id from rollup.counted_batches(moment_from, moment_until) as c
  ),
  -- Only what can have been taken back in time: cancelling rows lie between bet and closing.
  cancelled as materialized (
    select c.operator_id, c.cancelled_id
    from rollup.counted_batches(
      moment_from, rollup.player_day_closes(p_day) + interval '1 day') as b
    join ledger.cancellation as c on c.batch_id = b.batch_id
    where b.received_at < rollup.player_day_closes(p_day)
  )
  select
    t.operator_id, ledger.shard(), t.player, p_day, l.gambling_type_id, t.currency,
    count(*) filter (where t.type = 1 and t.cancel_reason = 0 and c.cancelled_id is null),
    coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 1), 0)::bigint,
    coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 2), 0)::bigint,
    coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 3), 0)::bigint,
    coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 4), 0)::bigint,
    coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 5), 0)::bigint,
    coalesce(sum(t.amount_minor * s.sign) filter (
      where t.type = 1 and extract(hour from t.occurred_at at time zone 'Europe/Kyiv') < 6
    ), 0)::bigint
  from ledger.transaction as t
  join counted as b on b.batch_id = t.batch_id
  join registry.licence as l on l.id = t.licence_id
  cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
  left join cancelled as c on c.operator_id = t.operator_id and c.cancelled_id = t.id
  where t.occurred_at >= moment_from and t.occurred_at < moment_until
  group by t.operator_id, t.player, l.gambling_type_id, t.currency;
end
$body$;
comment on function rollup.recount_player_day(date) is
  'What rollup.player_day must hold of a day, recomputed from raw rows.';
