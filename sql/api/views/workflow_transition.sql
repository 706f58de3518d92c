create or replace view api.workflow_transition with (security_invoker = true) as
select
  workflow, from_state, action, to_state, roles, reason_required, name_uk, name_en
from registry.workflow_transition;
comment on view api.workflow_transition is 'Which steps there are, and for whom.';
