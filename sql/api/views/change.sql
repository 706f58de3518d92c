create or replace view api.change with (security_invoker = true) as
select
  id, kind, action, record_id, operator_id, person_id, begun_by, proposed, base_version, state, version,
  assignee, errors, created_at, submitted_at, decided_at
from registry.change;
comment on view api.change is 'Applications and changes, and where they stand.';
