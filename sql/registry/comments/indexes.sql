-- What the indexes are for.

comment on index registry.access_key_operator is 'Keys of an operator.';
comment on index registry.history_operator is 'History of an operator, newest last.';
comment on index registry.history_record is 'History of a record.';
comment on index registry.licence_operator is 'Licences of an operator.';
comment on index registry.licence_suspension_licence is 'Suspensions of a licence.';
comment on index registry.history_changed_at is 'What changed in the registers lately.';
comment on index registry.change_event_change is 'The log of one change.';
comment on index registry.change_operator is 'Changes of an operator.';
comment on index registry.change_person is 'Applications of a person.';
comment on index registry.change_queue is 'The queue.';
comment on index registry.change_record is 'Changes of a record.';
comment on index registry.entry_code is 'Lists by code, and look-up.';
comment on index registry.entry_current is 'The present version of a record.';
comment on index registry.entry_facet_a is 'Lists of one first facet.';
comment on index registry.entry_facet_b is 'Lists of one second facet.';
comment on index registry.entry_operator is 'Lists of one operator.';
comment on index registry.entry_search is 'Search by parts of words.';
comment on index registry.entry_since is 'Lists by beginning.';
comment on index registry.entry_state is 'Lists of one state.';
comment on index registry.entry_state_until is 'What time alone changes next.';
comment on index registry.entry_title_en is 'Lists by English title.';
comment on index registry.entry_title_uk is 'Lists by Ukrainian title.';
comment on index registry.entry_until is 'Lists by end.';
comment on index registry.equipment_channel is 'What stands in a venue.';
comment on index registry.equipment_place_channel is 'What stood in a venue.';
comment on index registry.equipment_serial_number is 'Equipment by serial number.';
