-- What the indexes are for.

comment on index registry.access_key_operator is 'Keys of an operator.';
comment on index registry.history_operator is 'History of an operator, newest last.';
comment on index registry.history_record is 'History of a record.';
comment on index registry.licence_operator is 'Licences of an operator.';
comment on index registry.licence_suspension_licence is 'Suspensions of a licence.';
comment on index registry.history_changed_at is 'What changed in the registers lately.';
