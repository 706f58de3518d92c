create or replace view api.rollup_month with (security_invoker = true) as
select
  operator_id, shard, month, gambling_type_id, licence_id, currency, received_month,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor, night_bet_count,
  night_bet_minor, night_refund_minor
from rollup.month;
comment on view api.rollup_month is 'Transactions by month of Europe/Kyiv, gambling type and licence.';
