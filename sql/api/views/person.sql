create or replace view api.person with (security_invoker = true) as
select id, role, operator_id, name_uk, name_en, organisation_uk, organisation_en
from identity.person;
comment on view api.person is
  'Who acts: officials are told everybody, an operator''s people their own people alone.';
