create or replace function api.request_export(
  p_source text, p_arguments jsonb, p_format text, p_language text, p_request_id text
) returns uuid
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.request_export(p_source, p_arguments, p_format, p_language, p_request_id);
end;
alter function api.request_export(text, jsonb, text, text, text) owner to dozir_writer;
comment on function api.request_export(text, jsonb, text, text, text) is
  'Asks for a file that is made while nobody waits.';
