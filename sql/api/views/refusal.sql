create or replace view api.refusal with (security_invoker = true) as
select
  id, refused_at, operator_id, access_key_id, idempotency_key, stream, stream_sequence, status,
  code, error_count, row_count, body_bytes, codes, request_id, errors, stored_xid
from ledger.refusal;
comment on view api.refusal is 'Refused batches.';
