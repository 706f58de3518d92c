create or replace function audit.end_export(
  p_id uuid, p_attempt integer, p_export_id bigint, p_filename text, p_bytes bigint,
  p_problem text
) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- False: cancelled meanwhile, or another runner has taken over; its file is then nobody's.
begin
  update audit.export_job as j
  set state = case when p_problem is null then 'ready' else 'failed' end,
    ended_at = clock_timestamp(),
    expires_at = case when p_problem is null then
      clock_timestamp() + make_interval(hours => s.keep_exports_hours) end,
    export_id = p_export_id, filename = p_filename, stored_bytes = p_bytes, problem = p_problem,
    rows_done = coalesce((select e.row_count from audit.export as e where e.id = p_export_id), j.rows_done)
  from maintenance.setting as s
  where j.id = p_id and j.attempt = p_attempt and j.state = 'running';
  return found;
end
$body$;
alter function audit.end_export(uuid, integer, bigint, text, bigint, text) owner to dozir_writer;
comment on function audit.end_export(uuid, integer, bigint, text, bigint, text) is
  'For the runner: the file is ready, or why there is none.';
