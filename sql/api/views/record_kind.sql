create or replace view api.record_kind with (security_invoker = true) as
select
  kind, position, name_uk, name_en, plural_uk, plural_en, code_attribute, title_uk_attribute,
  title_en_attribute, since_attribute, until_attribute, state_by, facet_a, facet_b,
  proposed_by_operators, needs_approval, proposable, by_file, of_operators
from registry.record_kind;
comment on view api.record_kind is 'Kinds of record, for lists and forms.';
