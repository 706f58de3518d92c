create or replace function audit.cancel_export(p_id uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What runs is stopped by its runner, which looks; the file of what was ready is swept away.
begin
  update audit.export_job as j
  set state = 'cancelled', ended_at = coalesce(j.ended_at, transaction_timestamp())
  where j.id = p_id and j.person_id = registry.own_person()
    and j.state in ('waiting', 'running', 'ready');
  return found;
end
$body$;
alter function audit.cancel_export(uuid) owner to dozir_writer;
comment on function audit.cancel_export(uuid) is
  'Gives up a file of the caller''s, ready or not.';
