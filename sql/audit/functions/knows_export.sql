create or replace function audit.knows_export(p_sha256 bytea) returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return exists (select from audit.export as e where e.sha256 = p_sha256);
end
$body$;
alter function audit.knows_export(bytea) owner to dozir_writer;
comment on function audit.knows_export(bytea) is
  'Whether some export has this hash, and nothing else about it.';
