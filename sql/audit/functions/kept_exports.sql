create or replace function audit.kept_exports() returns table (id uuid, attempt integer)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
  select j.id, j.attempt from audit.export_job as j
  where j.state = 'running' or (j.state = 'ready' and j.expires_at > transaction_timestamp());
end
$body$;
alter function audit.kept_exports() owner to dozir_writer;
comment on function audit.kept_exports() is
  'For the runner: whose files are still needed; all others are swept away.';
