create or replace view api.attribute with (security_invoker = true) as
select
  kind, name, position, step, data_type, label_uk, label_en, hint_uk, hint_en, required, editable, listed,
  searchable, private, choice_list, reference_kind, unit, pattern, minimum, maximum, longest, validator
from registry.attribute;
comment on view api.attribute is 'What each kind of record consists of.';
