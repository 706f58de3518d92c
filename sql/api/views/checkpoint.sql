create or replace view api.checkpoint with (security_invoker = true) as
select size, root, signed_at, note
from ledger.checkpoint;
comment on view api.checkpoint is
  'Checkpoints of the log that were published: the newest, and older ones at growing distances.';
