create or replace function rollup.new_player_rows(
  p_utc_day date, p_batches bigint[], p_received timestamptz[]
) returns setof rollup.player_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set enable_nestloop = off
as $body$
-- A chunk of today has no statistics yet: no join of many rows with many may be a loop.
-- What the rows of some batches on one day of UTC (one chunk) add to rollup.player_day.
--   bets   + 1 for a bet on its day, - 1 for one that is taken back on the day of that bet, if it was
--          taken back before the day closed (by the arrival of the batch that does it)
--   sums   of the row's own day; a cancelling row counts negative there, as in every rollup
-- One day of UTC has one midnight of Kyiv in it, so days and nights are told by comparing.
declare
  moment_from constant timestamptz := p_utc_day::timestamp at time zone 'UTC';
  moment_until constant timestamptz := (p_utc_day + 1)::timestamp at time zone 'UTC';
  first_day constant date := (moment_from at time zone 'Europe/Kyiv')::date;
  midnight constant timestamptz := (first_day + 1)::timestamp at time zone 'Europe/Kyiv';
  morning constant timestamptz := (first_day::timestamp + interval '6 hours') at time zone 'Europe/Kyiv';
  first_batch constant bigint := (select min(u.id) from unnest(p_batches) as u (id));
  last_batch constant bigint := (select max(u.id) from unnest(p_batches) as u (id));
  kept_from constant date := (select p.kept_from from rollup.player_progress as p);
begin
  return query
  with counted as materialized (
    select
      t.operator_id, t.licence_id, t.player, t.currency,
      case when t.occurred_at < midnight then first_day else first_day + 1 end as day,
      case when t.cancel_reason <> 0 and t.type = 1 then
        case when b.received_at < rollup.player_day_closes(
          (ledger.id_time(t.cancels) at time zone 'Europe/Kyiv')::date)
          then (ledger.id_time(t.cancels) at time zone 'Europe/Kyiv')::date end
      end as cancelled_day,
      count(*) filter (where t.type = 1 and t.cancel_reason = 0) as bets,
      count(*) filter (where t.type = 1 and t.cancel_reason <> 0) as cancelled,
      sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
        filter (where t.type = 1) as stake,
      sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
        filter (where t.type = 2) as win,
      sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
        filter (where t.type = 3) as refund,
      sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
        filter (where t.type = 4) as deposit,
      sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
        filter (where t.type = 5) as withdrawal,
      sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
        filter (where t.type = 1 and (t.occurred_at < morning or t.occurred_at >= midnight)) as night
    from ledger.transaction as t
    join unnest(p_batches, p_received) as b (id, received_at) on b.id = t.batch_id
    where t.occurred_at >= moment_from and t.occurred_at < moment_until
      and t.batch_id >= first_batch and t.batch_id <= last_batch
    group by 1, 2, 3, 4, 5, 6
  ),
  parts as (
    select
      c.operator_id, c.licence_id, c.player, c.currency, c.day, c.bets, c.stake, c.win, c.refund,
      c.deposit, c.withdrawal, c.night
    from counted as c
    union all
    select
      c.operator_id, c.licence_id, c.player, c.currency, c.cancelled_day, -c.cancelled, null, null,
      null, null, null, null
    from counted as c
    where c.cancelled_day is not null
  )
  select
    p.operator_id, ledger.shard(), p.player, p.day, l.gambling_type_id, p.currency,
    sum(p.bets)::bigint, coalesce(sum(p.stake), 0)::bigint, coalesce(sum(p.win), 0)::bigint,
    coalesce(sum(p.refund), 0)::bigint, coalesce(sum(p.deposit), 0)::bigint,
    coalesce(sum(p.withdrawal), 0)::bigint, coalesce(sum(p.night), 0)::bigint
  from parts as p
  join registry.licence as l on l.id = p.licence_id
  where p.day >= kept_from
  group by p.operator_id, p.player, p.day, l.gambling_type_id, p.currency;
end
$body$;
comment on function rollup.new_player_rows(date, bigint[], timestamptz[]) is
  'What the rows of some batches on one day of UTC add to rollup.player_day.';
