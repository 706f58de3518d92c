create or replace view api.rollup_game_hour with (security_invoker = true) as
select
  operator_id, shard, hour, game_id, equipment_id, currency, received_hour,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.game_hour;
comment on view api.rollup_game_hour is 'Transactions by hour, game and equipment.';
