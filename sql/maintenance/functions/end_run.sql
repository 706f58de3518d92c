create or replace function maintenance.end_run(
  p_run bigint, p_outcome text, p_sqlstate text, p_rows bigint
) returns text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Closes a run, says when the job is due again and keeps the history short. A failure is tried again
-- after 1, 2, 4 … minutes, at most an hour, and never later than the job would be due anyway.
declare
  the_job maintenance.job%rowtype;
  final text := p_outcome;
  regular timestamptz;
begin
  if final = 'done' and exists (select from maintenance.finding as f where f.run_id = p_run) then
    final := 'alarm';
  end if;
  update maintenance.run as r
  set outcome = final, ended_at = clock_timestamp(), sqlstate = p_sqlstate, row_count = p_rows
  where r.id = p_run and r.outcome = 'running';
  if not found then
    raise exception using errcode = 'DZM04', message = 'this run has ended already';
  end if;
  select j.* into the_job
  from maintenance.job as j
  join maintenance.run as r on r.job = j.name
  where r.id = p_run
  for update of j;
  regular := maintenance.next_run(the_job.every, the_job.at_time, clock_timestamp());
  update maintenance.job as j
  set
    failure_count = case when final = 'failed' then j.failure_count + 1 else 0 end,
    next_run_at = case final
      when 'failed' then least(
        regular, clock_timestamp() + least(
          interval '1 minute' * power(2, least(j.failure_count, 6)), interval '1 hour')
      )
      when 'stopped' then least(regular, clock_timestamp() + interval '1 minute')
      else regular
    end
  where j.name = the_job.name and j.every is not null;
  delete from maintenance.run as r
  where r.job = the_job.name and r.outcome <> 'running' and r.id <= (
    select o.id from maintenance.run as o
    where o.job = the_job.name order by o.id desc offset 200 limit 1
  );
  perform pg_advisory_unlock(20260221, hashtext(the_job.name));
  return final;
end
$body$;
alter function maintenance.end_run(bigint, text, text, bigint) owner to dozir_writer;
comment on function maintenance.end_run(bigint, text, text, bigint) is
  'Closes a run: outcome, next time, back-off after a failure; returns the outcome recorded.';
