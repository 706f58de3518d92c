-- What the columns hold.

comment on column identity.mode.singleton is 'There is one row.';
comment on column identity.mode.demo is 'Whether demo identities may enter.';

comment on column identity.person.id is 'Number given here.';
comment on column identity.person.role is 'As whom the person acts: one of the portal roles.';
comment on column identity.person.operator_id is
  'Whose rows a person of an operator sees; null for officials.';
comment on column identity.person.organisation_uk is 'Organisation, in Ukrainian.';
comment on column identity.person.organisation_en is 'Organisation, in English.';
comment on column identity.person.demo is 'A demo identity, which enters in demo mode alone.';
comment on column identity.person.name_uk is 'Name in Ukrainian.';
comment on column identity.person.name_en is 'Name in English.';
comment on column identity.person.active_from is 'First moment in force.';
comment on column identity.person.active_until is
  'First moment no longer in force; infinity while no end is known.';

comment on column identity.session.token_sha256 is 'SHA-256 of the browser''s token.';
comment on column identity.session.person_id is 'Whose it is.';
comment on column identity.session.created_at is 'When it began.';
comment on column identity.session.last_seen_at is 'Last request.';
comment on column identity.session.expires_at is 'Ends then at the latest.';
comment on column identity.session.ended_at is 'When it was ended; null while it is open.';
comment on column identity.person.representative_id is 'The representative who this is.';
