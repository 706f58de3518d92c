create or replace view api.connection_deadline with (security_invoker = true) as
select
  id, step, due_on, days_after, act, source, set_at, set_by, verified_at, verified_by, replaced_at
from registry.connection_deadline;
comment on view api.connection_deadline is 'By when licensees are to be connected; what was set before, too.';
