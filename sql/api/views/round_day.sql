create or replace view api.round_day with (security_invoker = true) as
select
  operator_id, shard, day, game_id, channel_id, currency, stake_band, bet_count, bet_minor,
  win_count, win_minor, refund_count, refund_minor, payout_count, round_count, hit_count,
  multiple_micro, square_micro
from rollup.round_day;
comment on view api.round_day is
  'Bets, wins and refunds of closed days by the stake of their rounds, game and channel.';
