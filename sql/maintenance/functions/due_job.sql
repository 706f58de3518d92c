create or replace function maintenance.due_job(p_prompt boolean default false)
  returns table (job text, wait_s double precision)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The job that has waited longest, or none and how long until the next: of those that may not wait
-- for long ones (p_prompt), or of the others. A moment further off than the
-- job's interval was set while the clock was wrong: it counts as due.
begin
  return query
  select j.name, extract(epoch from greatest(j.due_at - clock_timestamp(), '0'))::double precision
  from (
    select
      s.name,
      case
        when s.next_run_at > clock_timestamp() + s.every + interval '1 day' then '-infinity'
        else s.next_run_at
      end as due_at
    from maintenance.job as s
    where s.every is not null and not s.paused and s.prompt = p_prompt
  ) as j
  order by j.due_at
  limit 1;
end
$body$;
alter function maintenance.due_job(boolean) owner to dozir_writer;
comment on function maintenance.due_job(boolean) is
  'The next job of the runner and the seconds until it is due.';
