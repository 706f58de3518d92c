create or replace view api.cohort_sum with (security_invoker = true) as
select
  operator_id, shard, month, gambling_type_id, cohort, currency, net_stake_minor, ggr_minor
from rollup.cohort_sum;
comment on view api.cohort_sum is 'Stakes and GGR of a month by the month of the accounts'' first bet.';
