create or replace view api.job with (security_invoker = true) as
select
  j.name, j.every, j.at_time, j.paused, j.next_run_at, j.failure_count,
  r.started_at as last_started_at, r.ended_at as last_ended_at, r.outcome as last_outcome,
  r.sqlstate as last_sqlstate, r.row_count as last_row_count
from maintenance.job as j
left join lateral (
  select x.started_at, x.ended_at, x.outcome, x.sqlstate, x.row_count
  from maintenance.run as x where x.job = j.name order by x.id desc limit 1
) as r on true;
comment on view api.job is 'Recurring work: when each job is due and how its last run ended.';
