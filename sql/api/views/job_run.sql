create or replace view api.job_run with (security_invoker = true) as
select id, job, started_at, ended_at, outcome, sqlstate, row_count from maintenance.run;
comment on view api.job_run is 'History of the jobs, the last 200 runs of each.';
