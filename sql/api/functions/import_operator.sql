create or replace function api.import_operator(p_document jsonb) returns integer
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.import_operator(p_document);
end;
alter function api.import_operator(jsonb) owner to dozir_writer;
comment on function api.import_operator(jsonb) is 'Registers one operator: see registry.import_operator.';
