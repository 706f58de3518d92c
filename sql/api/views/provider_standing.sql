create or replace view api.provider_standing with (security_invoker = true) as
with l as (select coalesce(max(c.sequence), 0) as last from blocking.change as c)

select
    p.id as provider_id,
    p.code,
    p.name_uk,
    p.name_en,
    p.active_until,
    coalesce(a.sequence, 0) as applied,
    a.noted_at as applied_at,
    l.last - coalesce(a.sequence, 0) as behind,
    n.changed_at as behind_since,
    f.found_open,
    f.last_found_at,
    k.has_key
from registry.provider as p
cross join l
left join lateral (
    select
        c.sequence,
        c.noted_at
    from blocking.compliance as c
    where c.provider_id = p.id and c.what = 'applied'
    order by c.id desc
    limit 1
) as a on true
left join blocking.change as n on n.sequence = coalesce(a.sequence, 0) + 1
cross join
    lateral (
        select
            count(*) filter (where c.what = 'found_open') as found_open,
            max(c.noted_at) as last_found_at
        from blocking.compliance as c
        where c.provider_id = p.id and c.what <> 'applied'
    ) as f
cross join lateral (
    select exists(
        select from blocking.provider_key as k
        where k.provider_id = p.id and k.revoked_at > statement_timestamp()
    ) as has_key
) as k;
comment on view api.provider_standing is
'How far each provider says it has carried the list out, how far behind it is and since when.';
