create or replace view api.batch with (security_invoker = true) as
select
  id, operator_id, operator_sequence, access_key_id, idempotency_key, stream, stream_sequence,
  row_count, totals, occurred_from, occurred_until, received_at, late_count, lag_histogram,
  body_sha256, receipt_version, receipt, stored_xid
from ledger.batch;
comment on view api.batch is 'Accepted batches.';
