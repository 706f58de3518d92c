create or replace view open_data.venues with (security_invoker = true) as
select
    o.code as operator_code,
    c.name_uk,
    c.name_en,
    v.purpose,
    v.region,
    v.address,
    v.opening_hours,
    c.active_from,
    nullif(c.active_until, 'infinity') as active_until
from registry.venue as v
inner join registry.channel as c on v.channel_id = c.id
inner join registry.operator as o on c.operator_id = o.id;
comment on view open_data.venues is 'Places where people play: halls, casinos, betting points.';
