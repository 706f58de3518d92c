create or replace view api.open_bet_record with (security_invoker = true) as
select operator_id, shard, month, gambling_type_id, currency, told, id, occurred_at
from rollup.open_bet_record;
comment on view api.open_bet_record is
  'Bets proven to have been open as a month began, and what came of them, record by record.';
