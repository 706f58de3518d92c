create or replace view api.cash_progress with (security_invoker = true) as
select
  day, rules, made_at
from rollup.cash_progress;
comment on view api.cash_progress is 'Which days are counted by amount, by which rules and since when.';
