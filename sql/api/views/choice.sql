create or replace view api.choice with (security_invoker = true) as
select list, value, position, name_uk, name_en
from registry.choice;
comment on view api.choice is 'What may be chosen in an attribute, with words.';
