create or replace view api.registry_history with (security_invoker = true) as
select
  id, changed_at, actor, table_name, record_id, operator_id, operation, before, after, change_id, reason
from registry.history;
comment on view api.registry_history is 'Who changed which registered record, when, from what to what.';
