create or replace view open_data.licences with (security_invoker = true) as
select
    l.number,
    o.code as operator_code,
    k.code as kind,
    k.name_uk as kind_uk,
    k.name_en as kind_en,
    l.valid_from,
    l.valid_until,
    l.revoked_at,
    case
        when l.revoked_at <= statement_timestamp() then 'revoked'
        when l.valid_until <= statement_timestamp() then 'expired'
        when l.valid_from > statement_timestamp() then 'upcoming'
        when exists (
            select from registry.licence_suspension as s
            where
                s.licence_id = l.id and s.withdrawn_at is null and s.suspended_from <= statement_timestamp()
                and s.suspended_until > statement_timestamp()
        ) then 'suspended'
        else 'active'
    end as status
from registry.licence as l
inner join registry.operator as o on l.operator_id = o.id
inner join registry.licence_kind as k on l.licence_kind_id = k.id;
comment on view open_data.licences is 'Licences of all kinds, those that ended too.';
