create or replace function maintenance.pause_job(p_job text, p_paused boolean) returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  update maintenance.job as j set paused = p_paused where j.name = p_job;
  if not found then
    raise exception using errcode = 'DZM03', message = 'there is no such job';
  end if;
end
$body$;
alter function maintenance.pause_job(text, boolean) owner to dozir_writer;
comment on function maintenance.pause_job(text, boolean) is
  'Pauses a job or lets it go on; what was missed meanwhile is made up for once.';
