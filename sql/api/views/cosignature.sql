create or replace view api.cosignature with (security_invoker = true) as
select size, witness, cosigned_at, line
from ledger.cosignature;
comment on view api.cosignature is 'What witnesses signed of checkpoints.';
