create or replace view api.decider with (security_invoker = true) as
select
  p.id, p.role, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en
from identity.person as p
where p.active_from <= statement_timestamp() and statement_timestamp() < p.active_until
  and exists (
    select from registry.workflow_transition as t
    where t.workflow = 'change' and t.action = 'approve' and p.role = any(t.roles)
  )
  and 'registry.decide' in (select o.code from identity.permissions_of(p.id) as o (code));
comment on view api.decider is 'The people who may decide on changes now: colleagues to give one to.';
