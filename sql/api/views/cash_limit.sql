create or replace view api.cash_limit with (security_invoker = true) as
select
  id, kind, valid_from, value, act, source, set_at, set_by, verified_at, verified_by, replaced_at
from registry.cash_limit;
comment on view api.cash_limit is
  'From which amounts and shares cash flow is counted apart; what was replaced, too.';
