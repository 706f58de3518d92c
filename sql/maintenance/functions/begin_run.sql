create or replace function maintenance.begin_run(p_job text) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Takes the job's lock for this session until maintenance.end_run; null when another has it. Whoever
-- holds the lock knows that a run without an end was cut off: its process is gone.
declare
  run_id bigint;
begin
  if not exists (select from maintenance.job as j where j.name = p_job) then
    raise exception using errcode = 'DZM03', message = 'there is no such job';
  end if;
  if not pg_try_advisory_lock(20260221, hashtext(p_job)) then
    return null;
  end if;
  update maintenance.run as r
  set outcome = 'interrupted', ended_at = clock_timestamp()
  where r.job = p_job and r.outcome = 'running';
  insert into maintenance.run as r (job) values (p_job) returning r.id into run_id;
  -- Should this run be cut off, the job is due again soon.
  update maintenance.job as j
  set next_run_at = clock_timestamp() + interval '1 minute'
  where j.name = p_job and j.every is not null;
  return run_id;
end
$body$;
alter function maintenance.begin_run(text) owner to dozir_writer;
comment on function maintenance.begin_run(text) is
  'Opens a run of a job and locks the job for this session; null when it is running elsewhere.';
