create or replace view api.channel with (security_invoker = true) as
select id, operator_id, code, kind, name_uk, name_en, active_from, active_until
from registry.channel;
comment on view api.channel is 'Venues, websites and mobile applications.';
