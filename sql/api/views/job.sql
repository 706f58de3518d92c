create or replace view api.job with (security_invoker = true) as
select name, every, at_time, paused, next_run_at, failure_count from maintenance.job;
comment on view api.job is 'Recurring work and when each job is due; its runs are in api.job_run.';
