create or replace view api.rollup_play_month with (security_invoker = true) as
select
  operator_id, shard, month, game_id, on_equipment, currency, received_month,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.play_month;
comment on view api.rollup_play_month is
  'Transactions of hours of arrival that are over, by month of Europe/Kyiv and game.';
