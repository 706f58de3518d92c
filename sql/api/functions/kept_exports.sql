create or replace function api.kept_exports() returns table (id uuid, attempt integer)
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select j.id, j.attempt from audit.kept_exports() as j;
end;
alter function api.kept_exports() owner to dozir_writer;
comment on function api.kept_exports() is
  'For the runner: whose files are still needed; all others are swept away.';
