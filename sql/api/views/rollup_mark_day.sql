create or replace view api.rollup_mark_day with (security_invoker = true) as
select
  operator_id, shard, day, licence_id, channel_id, gambling_type_id, currency, breach, received_day,
  bet_count, bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count,
  deposit_minor, withdrawal_count, withdrawal_minor
from rollup.mark_day;
comment on view api.rollup_mark_day is
  'Marked transactions of hours of arrival that are over, by day of Europe/Kyiv.';
