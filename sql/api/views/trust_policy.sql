create or replace view api.trust_policy with (security_invoker = true) as
select id, adopted_at, policy
from ledger.trust_policy;
comment on view api.trust_policy is 'Policies of witnesses that the log kept to; the newest is in force.';
