create or replace view api.cash_band_day with (security_invoker = true) as
select
  operator_id, shard, day, currency, band, deposit_count, deposit_minor, withdrawal_count, withdrawal_minor
from rollup.cash_band_day;
comment on view api.cash_band_day is 'Deposits and withdrawals of closed days by bands of amounts.';
