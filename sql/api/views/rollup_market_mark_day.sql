create or replace view api.rollup_market_mark_day with (security_invoker = true) as
select day, shard, currency, breach, block, record_count, bet_minor, operators
from rollup.market_mark_day;
comment on view api.rollup_market_mark_day is
  'Marked transactions of all operators in hours of arrival that are over, by day of Europe/Kyiv.';
