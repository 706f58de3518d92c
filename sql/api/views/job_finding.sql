create or replace view api.job_finding with (security_invoker = true) as
select id, run_id, object, found, detail from maintenance.finding;
comment on view api.job_finding is
  'What the jobs found wrong: figures that do not hold, objects changed by hand.';
