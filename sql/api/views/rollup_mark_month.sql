create or replace view api.rollup_mark_month with (security_invoker = true) as
select
  operator_id, shard, month, licence_id, channel_id, gambling_type_id, currency, breach, record_count,
  bet_count, bet_minor
from rollup.mark_month;
comment on view api.rollup_mark_month is
  'Marked transactions of hours of arrival that are over, by month of Europe/Kyiv.';
