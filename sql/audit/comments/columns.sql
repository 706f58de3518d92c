-- What the columns hold.

comment on column audit.export.id is 'Number given here.';
comment on column audit.export.made_at is 'When it was recorded: just before its first byte left.';
comment on column audit.export.person_id is 'Who took it.';
comment on column audit.export.role is 'In which role.';
comment on column audit.export.operator_id is 'For which operator; null for officials.';
comment on column audit.export.name is
  'What was exported: the constant name of a register or report.';
comment on column audit.export.title is 'The same in the words of the file.';
comment on column audit.export.language is 'Language of the file.';
comment on column audit.export.parameters is 'Filters for programs.';
comment on column audit.export.lines is 'What the file says of itself: pairs of a name and a text.';
comment on column audit.export.as_of is 'The moment that the rows are complete up to.';
comment on column audit.export.row_count is 'Rows of the file.';
comment on column audit.export.format is 'Kind of file.';
comment on column audit.export.sha256 is
  'Hash of what the file says, the same for all four kinds (docs/exports.md).';
comment on column audit.export.request_id is 'The request that asked for it.';
comment on column audit.export.salt is 'With it the log commits to the hash.';
comment on column audit.export.entry_hash is 'The entry of the log that vouches for this row.';

comment on column audit.export_job.id is 'Number of the request, which cannot be guessed.';
comment on column audit.export_job.person_id is 'Who asked.';
comment on column audit.export_job.role is
  'In which role; only with it the file is made and taken.';
comment on column audit.export_job.operator_id is 'For which operator; null for officials.';
comment on column audit.export_job.language is 'Language of the file.';
comment on column audit.export_job.source is 'The page whose table it is.';
comment on column audit.export_job.arguments is 'The page''s filters, as its address has them.';
comment on column audit.export_job.format is 'Kind of file.';
comment on column audit.export_job.request_id is 'The request that asked for it.';
comment on column audit.export_job.state is 'waiting, running, ready, failed, cancelled, expired.';
comment on column audit.export_job.requested_at is 'When it was asked for.';
comment on column audit.export_job.started_at is 'When the first runner took it.';
comment on column audit.export_job.beat_at is 'When its runner was last heard of.';
comment on column audit.export_job.ended_at is 'When it was over.';
comment on column audit.export_job.expires_at is 'Until when the file can be taken.';
comment on column audit.export_job.seen_at is
  'When the person saw how it ended; until then pages tell.';
comment on column audit.export_job.attempt is
  'Which runner is at it: what an earlier one still says is not heard.';
comment on column audit.export_job.rows_done is 'Rows written so far.';
comment on column audit.export_job.stored_bytes is 'Size of the file.';
comment on column audit.export_job.filename is 'What the file is called where it is taken.';
comment on column audit.export_job.export_id is 'Its record.';
comment on column audit.export_job.problem is 'Why there is no file.';

comment on column audit.event_kind.kind is 'Constant name.';
comment on column audit.event_kind.position is 'Order in lists to choose from.';
comment on column audit.event_kind.name_uk is 'In Ukrainian.';
comment on column audit.event_kind.name_en is 'In English.';
comment on column audit.event_kind.told is 'Whether an operator that it concerns is told of it.';
comment on column audit.event_kind.by_portal is
  'Whether pages note it; all else is noted by the function that does it.';

comment on column audit.reason_kind.kind is 'Constant name.';
comment on column audit.reason_kind.position is 'Order in the list to choose from.';
comment on column audit.reason_kind.name_uk is 'In Ukrainian.';
comment on column audit.reason_kind.name_en is 'In English.';

comment on column audit.event.id is 'Number given here; numbers may be missing.';
comment on column audit.event.at is 'When it was noted.';
comment on column audit.event.person_id is 'Who did it; null where nobody had entered.';
comment on column audit.event.role is 'In which role; the login, where no person acted.';
comment on column audit.event.operator_id is 'For which operator the person acted; null for officials.';
comment on column audit.event.concerns is
  'Whose records or people it concerns; null for nobody''s, or all of them.';
comment on column audit.event.kind is 'What kind of thing was done.';
comment on column audit.event.object is 'To what kind of thing: a kind of record, batch, transaction, …';
comment on column audit.event.object_id is 'Its number there; of a transaction batch and row.';
comment on column audit.event.facts is 'More, by kind: the reason stated, filters, the decision.';
comment on column audit.event.request_id is 'The request in which it was done.';
comment on column audit.event.address is 'The network address from where.';
comment on column audit.event.told is 'Whether the operator concerned is told of it.';
comment on column audit.event.salt is 'Keeps its hash from being guessed.';

comment on column audit.seal.id is 'Number given here.';
comment on column audit.seal.sealed_at is 'When it was made.';
comment on column audit.seal.event_count is 'For how many events it vouches.';
comment on column audit.seal.complete is 'Whether it left none that waited.';
comment on column audit.seal.entry_id is 'The entry of the log.';

comment on column audit.sealed_event.event_id is 'The event.';
comment on column audit.sealed_event.seal_id is 'What vouches for it.';

comment on column audit.excess.minute is 'In which minute.';
comment on column audit.excess.who is 'Whom they concern: a person, or nobody who has entered.';
comment on column audit.excess.kind is 'What kind of refusal.';
comment on column audit.excess.number is 'How many, those noted on their own included.';
