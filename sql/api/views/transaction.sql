create or replace view api.transaction with (security_invoker = true) as
select
  occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
  channel_id, equipment_id, game_id, round_id, payment, flags, breach, cancels, cancel_reason,
  exclusion_receipt
from ledger.transaction;
comment on view api.transaction is
  'Transactions, without the player. Query it with plain bounds on occurred_at.';
