create or replace view api.tax_rate_change with (security_invoker = true) as
select
  id, action, kind, tax_class, rate_ppm, base, loss_rule, valid_from, valid_until, act, source, reason,
  state, proposed_at, proposed_by, proposed_person, decided_at, decided_by, decision_reason
from registry.tax_rate_change;
comment on view api.tax_rate_change is 'Proposed changes of rates, and how they were decided.';
