create or replace function api.record_export(
  p_name text, p_title text, p_language text, p_parameters jsonb, p_lines jsonb,
  p_as_of timestamptz, p_row_count bigint, p_sha256 bytea, p_format text, p_request_id text
) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.record_export(
    p_name, p_title, p_language, p_parameters, p_lines, p_as_of, p_row_count, p_sha256, p_format,
    p_request_id);
end;
alter function api.record_export(
  text, text, text, jsonb, jsonb, timestamptz, bigint, bytea, text, text) owner to dozir_writer;
comment on function api.record_export(
  text, text, text, jsonb, jsonb, timestamptz, bigint, bytea, text, text) is
  'Records an export of the caller''s and enters it into the log.';
