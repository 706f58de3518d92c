create or replace function api.release_export(p_id uuid, p_attempt integer) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.release_export(p_id, p_attempt);
end;
alter function api.release_export(uuid, integer) owner to dozir_writer;
comment on function api.release_export(uuid, integer) is
  'For the runner: gives a file back that another is to make.';
