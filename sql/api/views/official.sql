create or replace view api.official with (security_invoker = true) as
select
  p.id, p.role as database_role, p.operator_id, p.name_uk, p.name_en, p.organisation_uk,
  p.organisation_en, a.id as appointment_id, a.role, a.active_from,
  nullif(a.active_until, 'infinity') as active_until,
  case
    when a.active_until <= statement_timestamp() and a.state <> 'proposed' and a.state <> 'refused'
      then 'ended'
    when a.state = 'in_force' and a.active_from > statement_timestamp() then 'planned'
    else a.state end as state,
  coalesce((
    select true from identity.appointment_change as c
    where c.person_id = p.id and c.state = 'proposed'
  ), false) as waiting,
  -- Whoever appoints compares the number with the certificate; others see that there is one.
  case
    when (select identity.may('official.propose')) then p.tax_number
    else left(p.tax_number, 2) || '••••••' || right(p.tax_number, 2) end as tax_number
from identity.person as p
cross join lateral (
  select b.id, b.role, b.state, b.active_from, b.active_until from identity.appointment as b
  where b.person_id = p.id
  order by b.id desc
  limit 1
) as a;
comment on view api.official is 'People who hold or held a role, each with the newest one.';
