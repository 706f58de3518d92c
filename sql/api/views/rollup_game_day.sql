create or replace view api.rollup_game_day with (security_invoker = true) as
-- For people and small questions; functions that read many days take api.game_days themselves.
select
  operator_id, shard, day, game_id, equipment_id, currency, received_day,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from api.game_days(api.games_counted_until());
comment on view api.rollup_game_day is
  'Transactions by day of Europe/Kyiv, game and equipment, to be summed: several rows may be of one day.';
