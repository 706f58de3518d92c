create or replace function api.rename_view(p_id bigint, p_name text, p_shared boolean) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.rename_view(p_id, p_name, p_shared);
end;
alter function api.rename_view(bigint, text, boolean) owner to dozir_writer;
comment on function api.rename_view(bigint, text, boolean) is
  'Names a view of the caller''s anew; says who else sees it.';
