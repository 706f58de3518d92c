create or replace view open_data.products with (security_invoker = true) as
select
    p.code,
    s.code as supplier_code,
    p.name,
    p.version,
    p.product_kind as kind,
    p.software_sha256,
    p.active_from,
    nullif(p.active_until, 'infinity') as active_until
from registry.product as p
inner join registry.supplier as s on p.supplier_id = s.id;
comment on view open_data.products is 'What suppliers are licensed to supply, by version.';
