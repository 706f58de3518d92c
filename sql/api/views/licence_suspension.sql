create or replace view api.licence_suspension with (security_invoker = true) as
select
  id, operator_id, licence_id, suspended_from, suspended_until, grounds, withdrawn_at, withdrawal_grounds
from registry.licence_suspension;
comment on view api.licence_suspension is 'Periods in which a licence gives no right to take bets.';
