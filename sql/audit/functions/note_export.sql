create or replace function audit.note_export(p_id uuid, p_attempt integer, p_rows bigint) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- False: cancelled meanwhile, or another runner has taken over.
begin
  update audit.export_job as j
  set rows_done = greatest(j.rows_done, p_rows), beat_at = clock_timestamp()
  where j.id = p_id and j.attempt = p_attempt and j.state = 'running';
  return found;
end
$body$;
alter function audit.note_export(uuid, integer, bigint) owner to dozir_writer;
comment on function audit.note_export(uuid, integer, bigint) is
  'For the runner: how far it is; false when it is to stop.';
