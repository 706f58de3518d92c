create or replace view api.cancellation with (security_invoker = true) as
select operator_id, cancelled_id, batch_id, row_no
from ledger.cancellation;
comment on view api.cancellation is 'Which transaction was taken back by which row.';
