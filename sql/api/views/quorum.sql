create or replace view api.quorum with (security_invoker = true) as
select size, policy_id, met_at
from ledger.quorum;
comment on view api.quorum is 'Checkpoints that enough witnesses cosigned, by the policy then in force.';
