create or replace view api.role_permission with (security_invoker = true) as
select role, permission
from identity.role_permission;
comment on view api.role_permission is 'Which role has which permission.';
