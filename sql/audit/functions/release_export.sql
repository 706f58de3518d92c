create or replace function audit.release_export(p_id uuid, p_attempt integer) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A runner that is asked to end gives back what it has begun; that is no failed attempt.
begin
  update audit.export_job as j set state = 'waiting', attempt = j.attempt - 1
  where j.id = p_id and j.attempt = p_attempt and j.state = 'running';
  return found;
end
$body$;
alter function audit.release_export(uuid, integer) owner to dozir_writer;
comment on function audit.release_export(uuid, integer) is
  'For the runner: gives a file back that another is to make.';
