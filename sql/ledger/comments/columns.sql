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

comment on column ledger.archived_day.name is
  'The day, and a number where it was archived again after more of its rows came: the folder''s name.';
comment on column ledger.archived_day.day is 'The day of UTC, as chunks have it.';
comment on column ledger.archived_day.manifest_sha256 is
  'SHA-256 of manifest.json, which holds those of all files.';
comment on column ledger.archived_day.row_count is 'Transactions of the day.';
comment on column ledger.archived_day.batch_count is 'Batches with transactions of the day.';
comment on column ledger.archived_day.batches_sha256 is 'As ledger.day_figures gives it.';
comment on column ledger.archived_day.totals is 'As ledger.day_figures gives them.';
comment on column ledger.archived_day.stored_bytes is 'What its files take.';
comment on column ledger.archived_day.archived_at is 'When it had been verified.';
comment on column ledger.archived_day.archived_by is 'The login that archived it.';

comment on column ledger.dropped_day.day is 'The day of UTC, as chunks have it.';
comment on column ledger.dropped_day.dropped_at is 'When its rows were dropped.';
comment on column ledger.dropped_day.archive is 'Null: dropped without an archive.';
comment on column ledger.dropped_day.entry_hash is
  'The retention act in the log; null for days dropped before there was one.';

comment on column ledger.dropped_leaf.batch_id is 'The batch that reaches into later days.';
comment on column ledger.dropped_leaf.row_no is 'The number of the dropped row.';
comment on column ledger.dropped_leaf.leaf is 'As ledger.row_leaf gave it.';

comment on column ledger.batch.batch_root is
  'RFC 6962 tree over the batch''s COPY tuples; null before there was a log.';
comment on column ledger.batch.entry_id is 'Its entry in the log; null before there was a log.';
comment on column ledger.operator_head.numbered_count is 'Its batches that have a number in a stream.';
comment on column ledger.operator_head.stream is 'Its stream, of several one; null without any.';
comment on column ledger.operator_head.several_streams is
  'Whether it has several streams: then the ends of each are found in ledger.batch.';
comment on column ledger.operator_head.first_number is
  'The smallest number in its stream, of several in any.';
comment on column ledger.operator_head.last_number is 'The largest number in its stream, of several in any.';
comment on column ledger.operator_head.last_hash is
  'Hash of the entry of its last batch: the next one is chained to it.';

comment on column ledger.log.singleton is 'There is one row.';
comment on column ledger.log.origin is 'Name of the log, part of all that is signed.';
comment on column ledger.log.began_at is 'When this database got its log.';
comment on column ledger.log.refusal_count is 'How often the log could not go on.';
comment on column ledger.log.refused_at is 'Since when it stands still; null while it goes on.';
comment on column ledger.log.refused_because is 'Why.';

comment on column ledger.entry.id is 'From ledger.entry_id.';
comment on column ledger.entry.kind is
  '1 batch, 2 earlier batch, 3 refusal, 4 registry decision, 5 audit record, 6 retention act, '
  '7 restoration.';
comment on column ledger.entry.operator_id is 'Whom it concerns; 0 nobody.';
comment on column ledger.entry.entered_at is 'Begin of the transaction that wrote it.';
comment on column ledger.entry.hash is 'SHA-256 of entry: the data of the leaf.';
comment on column ledger.entry.entry is 'The bytes, as docs/ledger.md pins them.';

comment on column ledger.unsequenced.entry_id is 'An entry without a leaf.';

comment on column ledger.leaf.leaf_index is 'Place in the log, from 0.';
comment on column ledger.leaf.entry_id is 'The entry that stands there.';
comment on column ledger.leaf.sequenced_at is 'When the sequencer put it there.';

comment on column ledger.earlier_batch.batch_id is 'The batch.';
comment on column ledger.earlier_batch.entry_id is 'Its entry.';

comment on column ledger.restored_batch.entry_id is 'Its entry.';
comment on column ledger.restored_batch.batch_id is 'The batch, as its receipt calls it.';
comment on column ledger.restored_batch.operator_id is 'Whose it was.';
comment on column ledger.restored_batch.operator_sequence is 'Its number among that operator''s.';

comment on column ledger.checkpoint.size is 'Number of leaves.';
comment on column ledger.checkpoint.root is 'Root over these leaves.';
comment on column ledger.checkpoint.signed_at is 'When the signer signed it.';
comment on column ledger.checkpoint.note is 'The checkpoint with the log''s own signatures.';

comment on column ledger.cosignature.size is 'Of which checkpoint.';
comment on column ledger.cosignature.witness is 'Name of the witness in the policy.';
comment on column ledger.cosignature.cosigned_at is 'The time that the witness signed.';
comment on column ledger.cosignature.line is 'The signature line.';

comment on column ledger.trust_policy.id is 'Number of the policy.';
comment on column ledger.trust_policy.adopted_at is 'From when it was kept to.';
comment on column ledger.trust_policy.policy is 'Witnesses, groups and quorum as a tlog-policy file.';

comment on column ledger.quorum.size is 'Of which checkpoint.';
comment on column ledger.quorum.policy_id is 'The policy in force then.';
comment on column ledger.quorum.met_at is 'When the cosignature came that made it enough.';

comment on column ledger.timestamp_token.size is 'Of which checkpoint.';
comment on column ledger.timestamp_token.authority is 'Name of the authority in the settings.';
comment on column ledger.timestamp_token.stamped_at is 'The time in the token.';
comment on column ledger.timestamp_token.token is 'TimeStampToken of RFC 3161, DER.';

comment on column ledger.log_key.vkey is 'Verifier key as signed-note writes it.';
comment on column ledger.log_key.purpose is 'log: checkpoints; receipts: promises.';
comment on column ledger.log_key.valid_from is 'From when it signs.';
comment on column ledger.log_key.valid_until is 'Until when it signs.';

comment on column ledger.verification.id is 'Number of the run.';
comment on column ledger.verification.began_at is 'Begin; the snapshot that was verified.';
comment on column ledger.verification.ended_at is 'End.';
comment on column ledger.verification.log_size is 'Leaves that were verified.';
comment on column ledger.verification.batch_count is 'Batches that were verified.';
comment on column ledger.verification.row_count is 'Rows that were verified.';
comment on column ledger.verification.finding_count is 'How much did not hold.';
comment on column ledger.verification.findings is 'The first of it.';
