create or replace view api.open_bets with (security_invoker = true) as
select
  operator_id, shard, month, gambling_type_id, currency, proven_count, proven_minor, unresolved_count,
  unresolved_minor, voided_count, voided_minor, won_count, won_minor, measured_at, final
from rollup.open_bets;
comment on view api.open_bets is 'Stakes without a result when a month began.';
