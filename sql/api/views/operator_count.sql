create or replace view api.operator_count with (security_invoker = true) as
select operator_id, kind, state, record_count
from registry.operator_count;
comment on view api.operator_count is
  'How many present records of each kind and state an operator has, and how many changes are open.';
