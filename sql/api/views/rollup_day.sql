create or replace view api.rollup_day with (security_invoker = true) as
select
  operator_id, shard, day, gambling_type_id, licence_id, currency, received_day,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor, night_bet_count,
  night_bet_minor, night_refund_minor
from rollup.day;
comment on view api.rollup_day is 'Transactions by day of Europe/Kyiv, gambling type and licence.';
