-- Why the rules are there.

comment on constraint ck_mode_singleton on identity.mode is 'One row.';

comment on constraint ck_person_role on identity.person is 'The portal roles.';
comment on constraint ck_person_operator on identity.person is
  'People of an operator, and they alone, belong to one.';

comment on constraint ck_session_token_sha256 on identity.session is 'SHA-256 has 32 bytes.';
comment on constraint uq_person_representative on identity.person is
  'One person for a representative.';
