create or replace view api.licence with (security_invoker = true) as
select id, operator_id, number, gambling_type_id, valid_from, valid_until, revoked_at
from registry.licence;
comment on view api.licence is 'Licences.';
