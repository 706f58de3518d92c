create or replace view open_data.operators with (security_invoker = true) as
select
    o.code,
    o.name_uk,
    o.name_en,
    o.taxpayer_code,
    o.active_from,
    nullif(o.active_until, 'infinity') as active_until,
    case
        when o.active_until <= statement_timestamp() then 'ended'
        when o.active_from > statement_timestamp() then 'upcoming' else 'active'
    end as status
from registry.operator as o;
comment on view open_data.operators is 'Organisers of gambling.';
