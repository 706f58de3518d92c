create or replace function api.job_figures()
  returns table (job text, last_done_at timestamptz, finding_count bigint)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
    select
      j.name,
      (
        select max(r.ended_at) from maintenance.run as r
        where r.job = j.name and r.outcome in ('done', 'alarm')
      ),
      (
        select count(*) from maintenance.finding as f
        where f.run_id = (
          select max(r.id) from maintenance.run as r
          where r.job = j.name and r.outcome in ('done', 'alarm')
        )
      )
    from maintenance.job as j
    where j.every is not null;
end
$body$;
alter function api.job_figures() owner to dozir_writer;
comment on function api.job_figures() is
  'Of each scheduled job: when a run last came to its end, and how much that one found.';
