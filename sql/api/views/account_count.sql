create or replace view api.account_count with (security_invoker = true) as
select
  operator_id, shard, grain, period_start, gambling_type_id, active_count, new_count,
  active_days
from rollup.account_count;
comment on view api.account_count is
  'Accounts active in a day, week, month or quarter, and active for the first time.';
