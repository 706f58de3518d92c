-- What the columns hold.

comment on column ledger.transaction.occurred_at is
  'Moment of the event, to the millisecond of the id.';
comment on column ledger.transaction.operator_id is 'Whose it is: registry.operator.';
comment on column ledger.transaction.batch_id is 'The batch it came with: ledger.batch.';
comment on column ledger.transaction.licence_id is 'registry.licence; gives the gambling type.';
comment on column ledger.transaction.channel_id is 'registry.channel.';
comment on column ledger.transaction.equipment_id is 'registry.equipment; 0 for none.';
comment on column ledger.transaction.game_id is 'registry.game; 0 for none.';
comment on column ledger.transaction.round_id is
  'Ties bet, win and refund of one round together; nil UUID for none.';
comment on column ledger.transaction.exclusion_receipt is
  'Answer of the barred-persons check; nil UUID for none.';

comment on column ledger.type_total.currency is 'ISO 4217 numeric code.';
comment on column ledger.type_total.type is 'As in ledger.transaction.';
comment on column ledger.type_total.count is 'Ordinary records.';
comment on column ledger.type_total.amount_minor is 'Their sum in minor units.';
comment on column ledger.type_total.cancelled_count is 'Cancelling records.';
comment on column ledger.type_total.cancelled_minor is 'Their sum in minor units, positive.';

comment on column ledger.batch.id is 'In the order of opening, not of commit.';
comment on column ledger.batch.schema_version is 'Version of the wire format.';
comment on column ledger.batch.shard is 'Node that took it.';
comment on column ledger.batch.operator_id is 'Whose it is: registry.operator.';
comment on column ledger.batch.operator_sequence is
  'From 1, gapless for each operator, in the order of commit.';
comment on column ledger.batch.access_key_id is 'The key it came with: registry.access_key.';
comment on column ledger.batch.idempotency_key is
  'The operator''s UUID of the request; accepted once, for ever.';
comment on column ledger.batch.stream is 'The operator''s name of the sequence it belongs to.';
comment on column ledger.batch.stream_sequence is
  'Its number in the stream; null from a key for sending by hand.';
comment on column ledger.batch.row_count is 'Transactions in it.';
comment on column ledger.batch.totals is 'Count and sum for each type and currency.';
comment on column ledger.batch.occurred_from is 'Earliest event.';
comment on column ledger.batch.occurred_until is 'Latest event.';
comment on column ledger.batch.received_at is 'Start of the transaction that stored it.';
comment on column ledger.batch.late_count is
  'Transactions that came more than 15 minutes after the event.';
comment on column ledger.batch.body_sha256 is 'SHA-256 of the decoded body.';
comment on column ledger.batch.receipt_version is 'Form of the receipt.';
comment on column ledger.batch.receipt is 'The very bytes that were answered.';

comment on column ledger.operator_head.operator_id is 'Whose it is: registry.operator.';
comment on column ledger.operator_head.last_sequence is 'Number of its last batch.';

comment on column ledger.cancellation.operator_id is 'Whose it is: registry.operator.';
comment on column ledger.cancellation.cancelled_id is 'The transaction taken back.';
comment on column ledger.cancellation.batch_id is 'Batch of the row that took it back.';
comment on column ledger.cancellation.row_no is 'Number of that row in its batch.';

comment on column ledger.refusal.id is 'In the order of refusal.';
comment on column ledger.refusal.refused_at is 'When.';
comment on column ledger.refusal.operator_id is 'Whose it is: registry.operator.';
comment on column ledger.refusal.access_key_id is 'The key it came with.';
comment on column ledger.refusal.idempotency_key is 'As sent; null when absent or malformed.';
comment on column ledger.refusal.stream is 'As sent; null when absent or malformed.';
comment on column ledger.refusal.stream_sequence is 'As sent; null when absent or malformed.';
comment on column ledger.refusal.status is 'HTTP status answered.';
comment on column ledger.refusal.code is 'Code of the problem as a whole: docs/api/en/errors.md.';
comment on column ledger.refusal.error_count is 'Errors reported.';
comment on column ledger.refusal.row_count is
  'Records in the body; null when it could not be read so far.';
comment on column ledger.refusal.body_bytes is 'Size of the body; null when it was not read.';
comment on column ledger.refusal.request_id is 'Of the request, to find it in the logs.';

comment on column ledger.archive.id is 'In the order of dropping.';
comment on column ledger.archive.archived_at is 'When the days were dropped.';
comment on column ledger.archive.archived_until is 'Nothing before this moment is here any longer.';
