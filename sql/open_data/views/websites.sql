create or replace view open_data.websites with (security_invoker = true) as
select
    w.domain,
    w.domain_unicode,
    o.code as operator_code,
    b.code as brand_code,
    c.active_from,
    nullif(c.active_until, 'infinity') as active_until
from registry.website as w
inner join registry.channel as c on w.channel_id = c.id
inner join registry.operator as o on c.operator_id = o.id
left join registry.brand as b on w.brand_id = b.id;
comment on view open_data.websites is 'Registered websites of organisers.';
