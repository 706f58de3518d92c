create or replace function api.check_due_rows(p_limit integer default 500) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
return registry.check_due_rows(p_limit);
alter function api.check_due_rows(integer) owner to dozir_writer;
comment on function api.check_due_rows(integer) is
  'For the runner: checks some rows of a draft of many records; its id, or null.';
