-- Why the rules are there.
comment on constraint ck_field_type on open_data.field is 'The types that files have.';
