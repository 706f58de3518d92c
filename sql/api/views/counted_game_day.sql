create or replace view api.counted_game_day with (security_invoker = true) as
select
  operator_id, shard, day, game_id, equipment_id, currency, received_day,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.game_day;
comment on view api.counted_game_day is
  'Transactions of hours of arrival that are over, by day of Europe/Kyiv, game and equipment.';
