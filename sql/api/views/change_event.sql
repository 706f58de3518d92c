create or replace view api.change_event with (security_invoker = true) as
select
  id, change_id, happened_at, actor, role, action, from_state, to_state, reason, proposed,
  recipient
from registry.change_event;
comment on view api.change_event is 'Each step of a change.';
