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

comment on constraint ck_log_only on ledger.log is 'One log in a database.';
comment on constraint ck_log_origin on ledger.log is 'What a signed note allows as a key''s name.';
comment on constraint ck_entry_kind on ledger.entry is 'The kinds of docs/ledger.md.';
comment on constraint ck_entry_hash on ledger.entry is 'SHA-256 has 32 bytes.';
comment on constraint uq_leaf_entry on ledger.leaf is 'An entry has one leaf.';
comment on constraint uq_earlier_batch_entry on ledger.earlier_batch is 'An entry is of one batch.';
comment on constraint ck_leaf_index on ledger.leaf is 'Leaves count from 0.';
comment on constraint ck_log_key_purpose on ledger.log_key is 'What keys are for.';
comment on constraint ck_verification_findings on ledger.verification is 'A list.';

comment on constraint ck_archived_day_name on ledger.archived_day is
  'Its day and, from the second on, a number.';
comment on constraint ck_archived_day_hashes on ledger.archived_day is 'SHA-256 has 32 bytes.';
comment on constraint ck_archived_day_counts on ledger.archived_day is
  'A batch is there for its rows; a manifest always has bytes.';
comment on constraint ck_archived_day_totals on ledger.archived_day is 'A list.';
comment on constraint fk_dropped_day_archive on ledger.dropped_day is
  'No day points to an archive that was not verified.';
comment on constraint ck_dropped_leaf on ledger.dropped_leaf is 'SHA-256 has 32 bytes.';
