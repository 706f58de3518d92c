create or replace function api.end_export(
  p_id uuid, p_attempt integer, p_export_id bigint, p_filename text, p_bytes bigint,
  p_problem text
) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.end_export(p_id, p_attempt, p_export_id, p_filename, p_bytes, p_problem);
end;
alter function api.end_export(uuid, integer, bigint, text, bigint, text) owner to dozir_writer;
comment on function api.end_export(uuid, integer, bigint, text, bigint, text) is
  'For the runner: the file is ready, or why there is none.';
