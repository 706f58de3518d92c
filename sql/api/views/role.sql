create or replace view api.role with (security_invoker = true) as
select
  code, position, database_role, authority, appoints, name_uk, name_en, about_uk, about_en
from identity.role;
comment on view api.role is 'What people are here.';
