create or replace view api.stream_head with (security_invoker = true) as
select operator_id, numbered_count, stream, several_streams, first_number, last_number
from ledger.operator_head;
comment on view api.stream_head is
  'How many numbered batches of an operator are here, and what its stream spans where it has but one.';
