create or replace view open_data.certificates with (security_invoker = true) as
select
    c.number,
    p.code as product_code,
    c.issuer,
    c.standard,
    c.software_sha256,
    c.valid_from,
    nullif(c.valid_until, 'infinity') as valid_until,
    case
        when c.valid_until <= statement_timestamp() then 'expired'
        when c.valid_from > statement_timestamp() then 'upcoming' else 'active'
    end as status
from registry.certificate as c
inner join registry.product as p on c.product_id = p.id;
comment on view open_data.certificates is 'Certificates of conformity of products.';
