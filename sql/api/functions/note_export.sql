create or replace function api.note_export(p_id uuid, p_attempt integer, p_rows bigint) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.note_export(p_id, p_attempt, p_rows);
end;
alter function api.note_export(uuid, integer, bigint) owner to dozir_writer;
comment on function api.note_export(uuid, integer, bigint) is
  'For the runner: how far it is; false when it is to stop.';
