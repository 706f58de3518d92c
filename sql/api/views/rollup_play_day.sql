create or replace view api.rollup_play_day with (security_invoker = true) as
select
  operator_id, shard, day, game_id, on_equipment, currency, received_day,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.play_day;
comment on view api.rollup_play_day is
  'Transactions of hours of arrival that are over, by day of Europe/Kyiv and game.';
