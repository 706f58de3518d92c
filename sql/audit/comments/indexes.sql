-- What the indexes are for.

comment on index audit.export_sha256 is 'The export that a file claims to be.';
comment on index audit.export_person is 'What somebody took, the newest first.';
comment on index audit.export_operator is 'What an operator''s people took, the newest first.';
comment on index audit.export_job_person is 'Somebody''s files, for lists and quotas.';
comment on index audit.export_job_open is 'What is to be made next.';
comment on index audit.export_job_export is 'The request behind an export.';

comment on index audit.event_at is 'The trail, the newest first.';
comment on index audit.event_person is 'What somebody saw and did.';
comment on index audit.event_role is 'What was seen and done in a role.';
comment on index audit.event_kind_at is 'What was done of a kind.';
comment on index audit.event_object is 'Who saw or changed something.';
comment on index audit.event_concerns is 'What concerns an operator.';
comment on index audit.event_told is 'What an operator is told.';
comment on index audit.seal_complete is 'Up to when all events are sealed.';
