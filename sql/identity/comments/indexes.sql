-- What the indexes are for.

comment on index identity.session_person is 'Sessions of a person, to end them.';
comment on index identity.uq_person_demo is 'One demo identity for each role and operator.';
