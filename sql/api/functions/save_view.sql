create or replace function api.save_view(
  p_name text, p_target text, p_parameters jsonb, p_shared boolean
) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.save_view(p_name, p_target, p_parameters, p_shared);
end;
alter function api.save_view(text, text, jsonb, boolean) owner to dozir_writer;
comment on function api.save_view(text, text, jsonb, boolean) is
  'Names a view of a page for the caller, or for the caller''s workspace.';
