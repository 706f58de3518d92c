create or replace view api.matched_day with (security_invoker = true) as
select operator_id, shard, day, known_count, unknown_count, counted_at
from rollup.matched_day;
comment on view api.matched_day is
  'Payouts and refunds of closed days: of how many the bet is known.';
