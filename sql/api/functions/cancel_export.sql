create or replace function api.cancel_export(p_id uuid) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.cancel_export(p_id);
end;
alter function api.cancel_export(uuid) owner to dozir_writer;
comment on function api.cancel_export(uuid) is
  'Gives up a file of the caller''s, ready or not.';
