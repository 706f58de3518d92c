-- Why the rules are there.

comment on constraint ck_batch_row_count on ledger.batch is 'Limits of the wire format.';
comment on constraint ck_batch_occurred on ledger.batch is
  'The earliest event is not after the latest.';
comment on constraint ck_batch_body_sha256 on ledger.batch is 'SHA-256 has 32 bytes.';
comment on constraint uq_batch_idempotency_key on ledger.batch is
  'A request is accepted once, for ever.';
comment on constraint uq_batch_operator_sequence on ledger.batch is
  'A sequence number is given once.';
comment on constraint uq_batch_stream_sequence on ledger.batch is
  'A number in a stream is used once.';

comment on constraint ck_refusal_status on ledger.refusal is 'A refusal is an HTTP error.';
comment on constraint ck_refusal_codes on ledger.refusal is 'An object: count by code.';
comment on constraint ck_refusal_errors on ledger.refusal is 'A list of errors.';
