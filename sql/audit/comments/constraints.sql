-- Why the rules are there.

comment on constraint ck_export_format on audit.export is 'The five kinds of file.';
comment on constraint ck_export_row_count on audit.export is 'A number of rows.';
comment on constraint ck_export_sha256 on audit.export is 'SHA-256 has 32 bytes.';
comment on constraint ck_export_entry_hash on audit.export is 'SHA-256 has 32 bytes.';

comment on constraint ck_export_job_format on audit.export_job is 'The five kinds of file.';
comment on constraint ck_export_job_state on audit.export_job is 'How far it is, or how it ended.';
comment on constraint ck_export_job_ready on audit.export_job is
  'No file can be taken that is not on record.';
comment on constraint ck_export_job_failed on audit.export_job is
  'Whoever gets no file is told why.';

comment on constraint ck_event_kind_kind on audit.event_kind is 'A short constant name.';
comment on constraint ck_reason_kind_kind on audit.reason_kind is 'A short constant name.';
comment on constraint ck_event_object on audit.event is 'A number is a number of something.';
comment on constraint ck_event_object_id on audit.event is 'A number is short.';
comment on constraint ck_event_facts on audit.event is 'Facts have names.';
comment on constraint ck_seal_event_count on audit.seal is 'A seal vouches for something.';
comment on constraint ck_excess_number on audit.excess is 'What is counted has happened.';
