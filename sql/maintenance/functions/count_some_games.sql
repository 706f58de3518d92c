create or replace function maintenance.count_some_games(p_until timestamptz default null) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Adds to rollup.game_day, play_day, play_month and equipment_month what rollup.game_hour got in hours of arrival
-- that are over, and to rollup.mark_day, mark_month and market_mark_day what rollup.hour got that is marked; how
-- many rows of games' hours that were, null when there is no such hour. p_until is for tests: the caller then
-- vouches that nothing arrives before it any more.
declare
  -- A batch belongs to the hour in which its transaction began: none that is open may be older.
  until_hour constant timestamptz :=
    date_bin('1 hour', coalesce(p_until, api.report_watermark()), '2000-01-01T00:00:00Z');
  from_hour timestamptz;
  counted bigint;
begin
  -- One at a time; rollup.rebuild waits here too.
  lock table rollup.game_progress in share row exclusive mode;
  select p.counted_until into from_hour from rollup.game_progress as p;
  if from_hour >= until_hour then
    return null;
  end if;
  with added as (
    select
      g.operator_id, g.shard, (g.hour at time zone 'Europe/Kyiv')::date as day, g.game_id, g.equipment_id,
      g.currency, (g.received_hour at time zone 'Europe/Kyiv')::date as received_day,
      sum(g.bet_count) as bet_count, sum(g.bet_minor) as bet_minor, sum(g.win_count) as win_count,
      sum(g.win_minor) as win_minor, sum(g.refund_count) as refund_count,
      sum(g.refund_minor) as refund_minor, sum(g.deposit_count) as deposit_count,
      sum(g.deposit_minor) as deposit_minor, sum(g.withdrawal_count) as withdrawal_count,
      sum(g.withdrawal_minor) as withdrawal_minor, count(*) as hours
    from rollup.game_hour as g
    where g.received_hour >= from_hour and g.received_hour < until_hour
    group by 1, 2, 3, 4, 5, 6, 7
  ),
  stored as (
    insert into rollup.game_day as r
    select
      a.operator_id, a.shard, a.day, a.game_id, a.equipment_id, a.currency, a.received_day,
      a.bet_count, a.bet_minor, a.win_count, a.win_minor, a.refund_count, a.refund_minor,
      a.deposit_count, a.deposit_minor, a.withdrawal_count, a.withdrawal_minor
    from added as a
    on conflict (operator_id, shard, day, game_id, equipment_id, currency, received_day)
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
      withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor
  ),
  played as (
    insert into rollup.play_day as r
    select
      a.operator_id, a.shard, a.day, a.game_id, a.equipment_id <> 0, a.currency, a.received_day,
      sum(a.bet_count), sum(a.bet_minor), sum(a.win_count), sum(a.win_minor), sum(a.refund_count),
      sum(a.refund_minor), sum(a.deposit_count), sum(a.deposit_minor), sum(a.withdrawal_count),
      sum(a.withdrawal_minor)
    from added as a
    group by 1, 2, 3, 4, 5, 6, 7
    on conflict (day, operator_id, shard, game_id, on_equipment, currency, received_day)
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
      withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor
  ),
  months as (
    insert into rollup.play_month as r
    select
      a.operator_id, a.shard, date_trunc('month', a.day::timestamp)::date, a.game_id, a.equipment_id <> 0,
      a.currency, date_trunc('month', a.received_day::timestamp)::date,
      sum(a.bet_count), sum(a.bet_minor), sum(a.win_count), sum(a.win_minor), sum(a.refund_count),
      sum(a.refund_minor), sum(a.deposit_count), sum(a.deposit_minor), sum(a.withdrawal_count),
      sum(a.withdrawal_minor)
    from added as a
    group by 1, 2, 3, 4, 5, 6, 7
    on conflict (month, operator_id, shard, game_id, on_equipment, currency, received_month)
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
      withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor
  ),
  equipment as (
    insert into rollup.equipment_month as r
    select
      a.operator_id, a.shard, a.equipment_id, date_trunc('month', a.day::timestamp)::date,
      bit_or(1 << extract(day from a.day)::integer - 1)
    from added as a
    where a.equipment_id <> 0
    group by 1, 2, 3, 4
    on conflict (month, operator_id, shard, equipment_id) do update set days = r.days | excluded.days
  ),
  marked as (
    select
      h.operator_id, h.shard, (h.hour at time zone 'Europe/Kyiv')::date as day, h.licence_id, h.channel_id,
      h.gambling_type_id, h.currency, h.breach, (h.received_hour at time zone 'Europe/Kyiv')::date as received_day,
      sum(h.bet_count) as bet_count, sum(h.bet_minor) as bet_minor, sum(h.win_count) as win_count,
      sum(h.win_minor) as win_minor, sum(h.refund_count) as refund_count, sum(h.refund_minor) as refund_minor,
      sum(h.deposit_count) as deposit_count, sum(h.deposit_minor) as deposit_minor,
      sum(h.withdrawal_count) as withdrawal_count, sum(h.withdrawal_minor) as withdrawal_minor
    from rollup.hour as h
    where h.received_hour >= from_hour and h.received_hour < until_hour and h.breach <> 0
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
  ),
  marked_days as (
    insert into rollup.mark_day as r
    select
      m.operator_id, m.shard, m.day, m.licence_id, m.channel_id, m.gambling_type_id, m.currency, m.breach,
      m.received_day, m.bet_count, m.bet_minor, m.win_count, m.win_minor, m.refund_count, m.refund_minor,
      m.deposit_count, m.deposit_minor, m.withdrawal_count, m.withdrawal_minor
    from marked as m
    on conflict (
      day, operator_id, shard, licence_id, channel_id, gambling_type_id, currency, breach, received_day
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
  marked_months as (
    insert into rollup.mark_month as r
    select
      m.operator_id, m.shard, date_trunc('month', m.day::timestamp)::date, m.licence_id, m.channel_id,
      m.gambling_type_id, m.currency, m.breach,
      sum(m.bet_count + m.win_count + m.refund_count + m.deposit_count + m.withdrawal_count),
      sum(m.bet_count), sum(m.bet_minor)
    from marked as m
    group by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict (
      month, operator_id, shard, licence_id, channel_id, gambling_type_id, currency, breach
    ) do update set
      record_count = r.record_count + excluded.record_count,
      bet_count = r.bet_count + excluded.bet_count,
      bet_minor = r.bet_minor + excluded.bet_minor
  ),
  marked_market as (
    insert into rollup.market_mark_day as r
    select
      m.day, m.shard, m.currency, m.breach, api.operator_block(m.operator_id),
      sum(m.bet_count + m.win_count + m.refund_count + m.deposit_count + m.withdrawal_count),
      sum(m.bet_minor), bit_or(api.operator_bit(m.operator_id))
    from marked as m
    group by 1, 2, 3, 4, 5
    on conflict (day, shard, currency, breach, block) do update set
      record_count = r.record_count + excluded.record_count,
      bet_minor = r.bet_minor + excluded.bet_minor,
      operators = r.operators | excluded.operators
  )
  select coalesce(sum(a.hours), 0)::bigint into counted from added as a;
  update rollup.game_progress set counted_until = until_hour;
  return counted;
end
$body$;
alter function maintenance.count_some_games(timestamptz) owner to dozir_writer;
comment on function maintenance.count_some_games(timestamptz) is
  'Adds what arrived in hours that are over to the days of games; how many rows, null when there is none.';
