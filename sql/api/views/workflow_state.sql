create or replace view api.workflow_state with (security_invoker = true) as
select
  workflow, state, position, name_uk, name_en, final
from registry.workflow_state;
comment on view api.workflow_state is 'States and their words.';
