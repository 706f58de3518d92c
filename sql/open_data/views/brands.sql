create or replace view open_data.brands with (security_invoker = true) as
select
    o.code as operator_code,
    b.code,
    b.name_uk,
    b.name_en,
    b.active_from,
    nullif(b.active_until, 'infinity') as active_until
from registry.brand as b
inner join registry.operator as o on b.operator_id = o.id;
comment on view open_data.brands is 'Brands under which organisers work.';
