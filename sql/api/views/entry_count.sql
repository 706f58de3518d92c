create or replace view api.entry_count with (security_invoker = true) as
select
  operator_id, kind, state, facet_a, facet_b, record_count
from registry.entry_count;
comment on view api.entry_count is 'How many present records there are.';
