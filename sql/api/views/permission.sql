create or replace view api.permission with (security_invoker = true) as
select code, position, area, name_uk, name_en, sees, power, dangerous, four_eyes
from identity.permission;
comment on view api.permission is 'What may be seen and done.';
