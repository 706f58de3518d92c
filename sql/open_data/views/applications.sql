create or replace view open_data.applications with (security_invoker = true) as
select
    m.platform,
    m.store_identifier,
    m.store_url,
    o.code as operator_code,
    c.name_uk,
    c.name_en,
    c.active_from,
    nullif(c.active_until, 'infinity') as active_until
from registry.mobile_application as m
inner join registry.channel as c on m.channel_id = c.id
inner join registry.operator as o on c.operator_id = o.id;
comment on view open_data.applications is 'Registered mobile applications of organisers.';
