create or replace view api.cash_day with (security_invoker = true) as
select
  operator_id, shard, day, large_count, large_minor, pass_through_count
from rollup.cash_day;
comment on view api.cash_day is
  'Large deposits, and accounts through which money passed, of closed days.';
