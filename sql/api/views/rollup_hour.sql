create or replace view api.rollup_hour with (security_invoker = true) as
select
  operator_id, shard, hour, licence_id, channel_id, gambling_type_id, currency, payment, flags,
  breach, received_hour,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.hour;
comment on view api.rollup_hour is 'Transactions by hour, licence, channel, currency and payment.';
