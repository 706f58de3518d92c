create or replace view api.provider_standing with (security_invoker = true) as
with last as (
  select coalesce(max(c.sequence), 0) as sequence from blocking.change as c
),

said as (
  select distinct on (c.provider_id) c.provider_id, c.sequence, c.noted_at from blocking.compliance as c
  where c.what = 'applied'
  order by c.provider_id asc, c.id desc
),

looked as (
  select c.provider_id, count(*) filter (where c.what = 'found_open') as found_open
  from blocking.compliance as c
  where c.what <> 'applied'
  group by c.provider_id
),

keyed as (
  select distinct k.provider_id from blocking.provider_key as k where k.revoked_at > statement_timestamp()
)

select
  p.id as provider_id, p.code, p.name_uk, p.name_en, s.noted_at as applied_at, n.changed_at as behind_since,
  p.active_until > statement_timestamp() as active, coalesce(s.sequence, 0) as applied,
  l.sequence - coalesce(s.sequence, 0) as behind, coalesce(f.found_open, 0) as found_open,
  k.provider_id is not null as has_key
from registry.provider as p
cross join last as l
left join said as s on p.id = s.provider_id
left join looked as f on p.id = f.provider_id
left join keyed as k on p.id = k.provider_id
left join blocking.change as n on coalesce(s.sequence, 0) + 1 = n.sequence;
comment on view api.provider_standing is
  'How far each provider says it has carried the list out, how far behind it is and since when.';
