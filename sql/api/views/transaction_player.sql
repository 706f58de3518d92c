create or replace view api.transaction_player with (security_invoker = true) as
select occurred_at, operator_id, id, batch_id, row_no, player
from ledger.transaction;
comment on view api.transaction_player is
  'The pseudonym behind a transaction, for those who may see it. Query it with plain bounds on '
  'occurred_at.';
