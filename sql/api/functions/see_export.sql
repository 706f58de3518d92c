create or replace function api.see_export(p_id uuid) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.see_export(p_id);
end;
alter function api.see_export(uuid) owner to dozir_writer;
comment on function api.see_export(uuid) is
  'Notes that the caller knows how a file of theirs ended.';
