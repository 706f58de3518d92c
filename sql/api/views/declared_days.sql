create or replace view api.declared_days with (security_invoker = true) as
select
  operator_id, month, currency, days, ggr_minor, balance_change_minor, last_day, closing_balance_minor,
  open_bets_minor
from report.declared_days;
comment on view api.declared_days is 'What operators'' declared days of each month come to.';
