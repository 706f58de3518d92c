create or replace view api.declared_day with (security_invoker = true) as
select
  operator_id, day, currency, version, declared_at, declared_by, reason, bet_count, bet_minor,
  win_count, win_minor, refund_count, refund_minor, deposit_count, deposit_minor, withdrawal_count,
  withdrawal_minor, opening_balance_minor, closing_balance_minor, open_bets_minor, entry_hash
from report.declared_day;
comment on view api.declared_day is 'What operators declared of days; every version.';
