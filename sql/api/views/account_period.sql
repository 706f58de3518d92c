create or replace view api.account_period with (security_invoker = true) as
select grain, period_start, made_at
from rollup.player_period;
comment on view api.account_period is
  'When the spread over accounts of a period was made last.';
