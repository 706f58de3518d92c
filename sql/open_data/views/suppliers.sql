create or replace view open_data.suppliers with (security_invoker = true) as
select
    s.code,
    s.name_uk,
    s.name_en,
    s.country,
    s.licence_number,
    s.valid_from,
    array_to_string(s.supplies, ' ') as supplies,
    nullif(s.valid_until, 'infinity') as valid_until
from registry.supplier as s;
comment on view open_data.suppliers is 'Licensed suppliers of software and hardware.';
