create or replace function rollup.count_transactions() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set jit = off
as $body$
-- Adds one statement's rows to the rollups, in the same transaction: what is committed is counted.
-- Rows are grouped by key and type first (one count, one sum) and spread into the wide row after,
-- when they are few. Upserts run in key order, so that batches wait for each other and do not
-- deadlock; days are made from the grouped hours, as a day of Europe/Kyiv is whole hours, and months
-- from the days. Days of games are many rows: a job makes them when the hour of arrival is over
-- (maintenance.count_some_games), so that no batch waits for them.
declare
  received constant timestamptz := public.time_bucket('1 hour', transaction_timestamp());
  arrival_day constant date := (received at time zone 'Europe/Kyiv')::date;
begin
  with counted as materialized (
    select
      n.operator_id, public.time_bucket('1 hour', n.occurred_at) as hour, n.licence_id,
      n.channel_id, n.currency, n.payment, n.flags, n.breach, n.type,
      sum(case when n.cancel_reason = 0 then 1 else -1 end) as count,
      sum(case when n.cancel_reason = 0 then n.amount_minor else -n.amount_minor end)::bigint
        as minor
    from inserted as n
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
  ),
  hours as materialized (
    select
      c.operator_id, c.hour, c.licence_id, c.channel_id, l.gambling_type_id, c.currency, c.payment,
      c.flags, c.breach,
      coalesce(sum(c.count) filter (where c.type = 1), 0)::bigint as bet_count,
      coalesce(sum(c.minor) filter (where c.type = 1), 0)::bigint as bet_minor,
      coalesce(sum(c.count) filter (where c.type = 2), 0)::bigint as win_count,
      coalesce(sum(c.minor) filter (where c.type = 2), 0)::bigint as win_minor,
      coalesce(sum(c.count) filter (where c.type = 3), 0)::bigint as refund_count,
      coalesce(sum(c.minor) filter (where c.type = 3), 0)::bigint as refund_minor,
      coalesce(sum(c.count) filter (where c.type = 4), 0)::bigint as deposit_count,
      coalesce(sum(c.minor) filter (where c.type = 4), 0)::bigint as deposit_minor,
      coalesce(sum(c.count) filter (where c.type = 5), 0)::bigint as withdrawal_count,
      coalesce(sum(c.minor) filter (where c.type = 5), 0)::bigint as withdrawal_minor
    from counted as c
    join registry.licence as l on l.id = c.licence_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
  ),
  add_hours as (
    insert into rollup.hour as r
    select
      h.operator_id, ledger.shard(), h.hour, h.licence_id, h.channel_id, h.gambling_type_id,
      h.currency, h.payment, h.flags, h.breach, received,
      h.bet_count, h.bet_minor, h.win_count, h.win_minor, h.refund_count, h.refund_minor,
      h.deposit_count, h.deposit_minor, h.withdrawal_count, h.withdrawal_minor
    from hours as h
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    on conflict (
      operator_id, shard, hour, licence_id, channel_id, gambling_type_id, currency, payment, flags,
      breach, received_hour
    ) do update set
      bet_count = r.bet_count + excluded.bet_count,
      bet_minor = r.bet_minor + excluded.bet_minor,
      win_count = r.win_count + excluded.win_count,
      win_minor = r.win_minor + excluded.win_minor,
      refund_count = r.refund_count + excluded.refund_count,
      refund_minor = r.refund_minor + excluded.refund_minor,
      deposit_count = r.deposit_count + excluded.deposit_count,
      deposit_minor = r.deposit_minor + excluded.deposit_minor,
      withdrawal_count = r.withdrawal_count + excluded.withdrawal_count,
      withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor
  ),
  days as materialized (
    select
      h.operator_id, (h.hour at time zone 'Europe/Kyiv')::date as day, h.gambling_type_id, h.licence_id,
      h.currency, sum(h.bet_count) as bet_count, sum(h.bet_minor) as bet_minor,
      sum(h.win_count) as win_count, sum(h.win_minor) as win_minor, sum(h.refund_count) as refund_count,
      sum(h.refund_minor) as refund_minor, sum(h.deposit_count) as deposit_count,
      sum(h.deposit_minor) as deposit_minor, sum(h.withdrawal_count) as withdrawal_count,
      sum(h.withdrawal_minor) as withdrawal_minor,
      coalesce(sum(h.bet_count) filter (where n.at_night), 0) as night_bet_count,
      coalesce(sum(h.bet_minor) filter (where n.at_night), 0) as night_bet_minor,
      coalesce(sum(h.refund_minor) filter (where n.at_night), 0) as night_refund_minor
    from hours as h
    cross join lateral (
      select extract(hour from h.hour at time zone 'Europe/Kyiv') < 6 as at_night
    ) as n
    group by 1, 2, 3, 4, 5
  ),
  add_days as (
    insert into rollup.day as r
    select
      d.operator_id, ledger.shard(), d.day, d.gambling_type_id, d.licence_id, d.currency, arrival_day,
      d.bet_count, d.bet_minor, d.win_count, d.win_minor, d.refund_count, d.refund_minor,
      d.deposit_count, d.deposit_minor, d.withdrawal_count, d.withdrawal_minor, d.night_bet_count,
      d.night_bet_minor, d.night_refund_minor
    from days as d
    order by 1, 2, 3, 4, 5, 6, 7
    on conflict (operator_id, shard, day, gambling_type_id, licence_id, currency, received_day)
    do update set
      bet_count = r.bet_count + excluded.bet_count,
      bet_minor = r.bet_minor + excluded.bet_minor,
      win_count = r.win_count + excluded.win_count,
      win_minor = r.win_minor + excluded.win_minor,
      refund_count = r.refund_count + excluded.refund_count,
      refund_minor = r.refund_minor + excluded.refund_minor,
      deposit_count = r.deposit_count + excluded.deposit_count,
      deposit_minor = r.deposit_minor + excluded.deposit_minor,
      withdrawal_count = r.withdrawal_count + excluded.withdrawal_count,
      withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor,
      night_bet_count = r.night_bet_count + excluded.night_bet_count,
      night_bet_minor = r.night_bet_minor + excluded.night_bet_minor,
      night_refund_minor = r.night_refund_minor + excluded.night_refund_minor
  )
  insert into rollup.month as r
  select
    d.operator_id, ledger.shard(), date_trunc('month', d.day::timestamp)::date, d.gambling_type_id,
    d.licence_id, d.currency, date_trunc('month', arrival_day::timestamp)::date,
    sum(d.bet_count), sum(d.bet_minor), sum(d.win_count), sum(d.win_minor), sum(d.refund_count),
    sum(d.refund_minor), sum(d.deposit_count), sum(d.deposit_minor), sum(d.withdrawal_count),
    sum(d.withdrawal_minor), sum(d.night_bet_count), sum(d.night_bet_minor), sum(d.night_refund_minor)
  from days as d
  group by 1, 2, 3, 4, 5, 6, 7
  order by 1, 2, 3, 4, 5, 6, 7
  on conflict (operator_id, shard, month, gambling_type_id, licence_id, currency, received_month)
  do update set
    bet_count = r.bet_count + excluded.bet_count,
    bet_minor = r.bet_minor + excluded.bet_minor,
    win_count = r.win_count + excluded.win_count,
    win_minor = r.win_minor + excluded.win_minor,
    refund_count = r.refund_count + excluded.refund_count,
    refund_minor = r.refund_minor + excluded.refund_minor,
    deposit_count = r.deposit_count + excluded.deposit_count,
    deposit_minor = r.deposit_minor + excluded.deposit_minor,
    withdrawal_count = r.withdrawal_count + excluded.withdrawal_count,
    withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor,
    night_bet_count = r.night_bet_count + excluded.night_bet_count,
    night_bet_minor = r.night_bet_minor + excluded.night_bet_minor,
    night_refund_minor = r.night_refund_minor + excluded.night_refund_minor;

  with counted as (
    select
      n.operator_id, public.time_bucket('1 hour', n.occurred_at) as hour, n.game_id,
      n.equipment_id, n.currency,
      sum(case when n.cancel_reason = 0 then 1 else -1 end) filter (where n.type = 1) as bet_count,
      sum(case when n.cancel_reason = 0 then n.amount_minor else -n.amount_minor end)
        filter (where n.type = 1) as bet_minor,
      sum(case when n.cancel_reason = 0 then 1 else -1 end) filter (where n.type = 2) as win_count,
      sum(case when n.cancel_reason = 0 then n.amount_minor else -n.amount_minor end)
        filter (where n.type = 2) as win_minor,
      sum(case when n.cancel_reason = 0 then 1 else -1 end)
        filter (where n.type = 3) as refund_count,
      sum(case when n.cancel_reason = 0 then n.amount_minor else -n.amount_minor end)
        filter (where n.type = 3) as refund_minor,
      sum(case when n.cancel_reason = 0 then 1 else -1 end)
        filter (where n.type = 4) as deposit_count,
      sum(case when n.cancel_reason = 0 then n.amount_minor else -n.amount_minor end)
        filter (where n.type = 4) as deposit_minor,
      sum(case when n.cancel_reason = 0 then 1 else -1 end)
        filter (where n.type = 5) as withdrawal_count,
      sum(case when n.cancel_reason = 0 then n.amount_minor else -n.amount_minor end)
        filter (where n.type = 5) as withdrawal_minor
    from inserted as n
    group by 1, 2, 3, 4, 5
  )
  insert into rollup.game_hour as r
  select
    c.operator_id, ledger.shard(), c.hour, c.game_id, c.equipment_id, c.currency, received,
    coalesce(c.bet_count, 0), coalesce(c.bet_minor, 0), coalesce(c.win_count, 0),
    coalesce(c.win_minor, 0), coalesce(c.refund_count, 0), coalesce(c.refund_minor, 0),
    coalesce(c.deposit_count, 0), coalesce(c.deposit_minor, 0), coalesce(c.withdrawal_count, 0),
    coalesce(c.withdrawal_minor, 0)
  from counted as c
  order by 1, 2, 3, 4, 5, 6
  on conflict (operator_id, shard, hour, game_id, equipment_id, currency, received_hour)
  do update set
    bet_count = r.bet_count + excluded.bet_count,
    bet_minor = r.bet_minor + excluded.bet_minor,
    win_count = r.win_count + excluded.win_count,
    win_minor = r.win_minor + excluded.win_minor,
    refund_count = r.refund_count + excluded.refund_count,
    refund_minor = r.refund_minor + excluded.refund_minor,
    deposit_count = r.deposit_count + excluded.deposit_count,
    deposit_minor = r.deposit_minor + excluded.deposit_minor,
    withdrawal_count = r.withdrawal_count + excluded.withdrawal_count,
    withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor;
  return null;
end
$body$;
alter function rollup.count_transactions() owner to dozir_writer;
comment on function rollup.count_transactions() is
  'Statement trigger of ledger.transaction: adds what was inserted to the rollups, exactly.';
