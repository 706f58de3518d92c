create or replace view api.account_cohort with (security_invoker = true) as
select
  operator_id, shard, month, gambling_type_id, cohort, account_count
from rollup.account_cohort;
comment on view api.account_cohort is
  'Accounts active in a month by the month in which they were first active.';
