-- What each column holds.
comment on column blocking.change.sequence is 'Number of the change, without a gap; the list''s version.';
comment on column blocking.change.site_id is 'The record: registry.blocked_site.';
comment on column blocking.change.address is 'The address, as it is on the list.';
comment on column blocking.change.site_kind is 'Kind of address.';
comment on column blocking.change.added is 'Whether it came onto the list; else it was taken from it.';
comment on column blocking.change.changed_at is 'When.';
comment on column blocking.provider_key.id is 'Number of the row.';
comment on column blocking.provider_key.provider_id is 'Whose it is.';
comment on column blocking.provider_key.secret_sha256 is 'SHA-256 of the secret, which is random and long.';
comment on column blocking.provider_key.made_at is 'When it was made.';
comment on column blocking.provider_key.revoked_at is
  'First moment it is refused; infinity while it is good.';
comment on column blocking.compliance.id is 'Number of the row.';
comment on column blocking.compliance.provider_id is 'Which provider.';
comment on column blocking.compliance.what is
  'applied: the provider says so; found_blocked, found_open: an official looked.';
comment on column blocking.compliance.sequence is 'Up to which change the provider has carried the list out.';
comment on column blocking.compliance.site_id is
  'Which address was looked at; null where the provider reports.';
comment on column blocking.compliance.note is 'What shows it.';
comment on column blocking.compliance.person_id is 'Who looked; null where the provider reports.';
comment on column blocking.compliance.noted_at is 'When it was noted.';
comment on column blocking.complaint.id is 'Number of the row.';
comment on column blocking.complaint.number is
  'By which whoever complained asks for its state; cannot be guessed.';
comment on column blocking.complaint.about is 'site: an illegal one; provider: one that does not block.';
comment on column blocking.complaint.address is 'The address in canonical form.';
comment on column blocking.complaint.typed is 'The address as it was typed.';
comment on column blocking.complaint.provider_name is 'Which provider; empty for a complaint about a site.';
comment on column blocking.complaint.comment is 'What whoever complained wrote; never published.';
comment on column blocking.complaint.contact is
  'How to reach whoever complained; may be empty; never published.';
comment on column blocking.complaint.language is 'In which language the page was.';
comment on column blocking.complaint.received_at is 'When it came.';
comment on column blocking.complaint.repeated is 'How many came again of the same while it was open.';
comment on column blocking.complaint.repeated_at is 'When the last of them came.';
comment on column blocking.complaint.state is 'new, taken up, blocked or rejected.';
comment on column blocking.complaint.decided_at is 'When it ended.';
comment on column blocking.complaint.decided_by is 'Who took it up or ended it.';
comment on column blocking.complaint.answer is 'What whoever complained reads.';
comment on column blocking.intake.origin is 'Keyed hash of an address or network, another one each day.';
comment on column blocking.intake.hour is 'Which hour.';
comment on column blocking.intake.count is 'How many came, what was refused included.';
