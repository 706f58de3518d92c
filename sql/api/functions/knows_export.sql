create or replace function api.knows_export(p_sha256 bytea) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.knows_export(p_sha256);
end;
alter function api.knows_export(bytea) owner to dozir_writer;
comment on function api.knows_export(bytea) is
  'Whether some export has this hash, and nothing else about it.';
