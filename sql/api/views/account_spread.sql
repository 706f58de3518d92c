create or replace view api.account_spread with (security_invoker = true) as
select
  grain, period_start, operator_id, shard, gambling_type_id, currency, until_day, account_count,
  night_account_count, stake_minor, night_stake_minor, ggr_minor, gain_minor, top1_minor, top10_minor,
  lorenz_minor, loss_steps, loss_counts
from rollup.account_spread
where account_count >= 10;
comment on view api.account_spread is
  'How play is spread over the accounts active in a period; made each day for the days closed. What is '
  'about fewer than ten accounts is left out: it would tell of single ones.';
