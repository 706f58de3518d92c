create or replace view api.job_finding with (security_invoker = true) as
select f.id, f.run_id, r.job, r.started_at, f.object, f.found, f.detail
from maintenance.finding as f
join maintenance.run as r on f.run_id = r.id;
comment on view api.job_finding is 'What the jobs found wrong: figures that do not hold, objects changed by hand.';
