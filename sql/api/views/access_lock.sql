create or replace view api.access_lock with (security_invoker = true) as
select
  id, person_id, operator_id, reason, locked_at, locked_by, lift_reason, lift_proposed_at,
  lift_proposed_by, lifted_at, lifted_by
from identity.lock;
comment on view api.access_lock is 'Emergency locks, those that were lifted too: officials see them.';
