-- Why the rules are there.
comment on constraint ck_change_sequence on blocking.change is 'Numbered from 1; 0 is the empty list.';
comment on constraint uq_provider_key_secret on blocking.provider_key is 'A secret is one provider''s.';
comment on constraint ck_provider_key_secret on blocking.provider_key is 'SHA-256 has 32 bytes.';
comment on constraint ck_compliance_what on blocking.compliance is 'The three kinds of note.';
comment on constraint ck_compliance_who on blocking.compliance is
  'A provider''s report has no official, a finding has one.';
comment on constraint ck_compliance_note on blocking.compliance is 'Of a length that can be read.';
comment on constraint uq_complaint_number on blocking.complaint is 'A number is one complaint''s.';
comment on constraint ck_complaint_about on blocking.complaint is 'The two kinds of complaint.';
comment on constraint ck_complaint_state on blocking.complaint is 'The states there are.';
comment on constraint ck_complaint_decided on blocking.complaint is 'What has ended says when.';
comment on constraint ck_complaint_language on blocking.complaint is 'The languages of the pages.';
comment on constraint ck_complaint_length on blocking.complaint is 'Nobody fills the disk by a form.';
