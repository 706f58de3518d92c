create or replace function api.begin_rows(p_kind text, p_operator_id integer, p_file text, p_rows jsonb)
  returns table (id bigint, state text, version integer)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  made registry.change;
begin
  made := registry.begin_rows(p_kind, p_operator_id, p_file, p_rows);
  return query select made.id, made.state, made.version;
end
$body$;
alter function api.begin_rows(text, integer, text, jsonb) owner to dozir_writer;
comment on function api.begin_rows(text, integer, text, jsonb) is
  'Begins a draft of many new records: see registry.begin_rows.';
