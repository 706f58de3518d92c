create or replace view api.operator with (security_invoker = true) as
select id, code, name_uk, name_en, taxpayer_code, active_from, active_until
from registry.operator;
comment on view api.operator is 'Organisers of gambling.';
