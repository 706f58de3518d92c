create or replace view api.rollup_game_day with (security_invoker = true) as
-- Days are made once the hour of arrival is over; what arrived since stands beside them, hour by hour. For
-- people: functions that read many days take api.counted_game_day and the hours since themselves, as here
-- games_counted_until is called for each row.
select
  operator_id, shard, day, game_id, equipment_id, currency, received_day,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.game_day
union all
select
  g.operator_id, g.shard, (g.hour at time zone 'Europe/Kyiv')::date, g.game_id, g.equipment_id,
  g.currency, (g.received_hour at time zone 'Europe/Kyiv')::date,
  g.bet_count, g.bet_minor, g.win_count, g.win_minor, g.refund_count, g.refund_minor, g.deposit_count,
  g.deposit_minor, g.withdrawal_count, g.withdrawal_minor
from rollup.game_hour as g
where g.received_hour >= api.games_counted_until();
comment on view api.rollup_game_day is
  'Transactions by day of Europe/Kyiv, game and equipment, to be summed: several rows may be of one day.';
