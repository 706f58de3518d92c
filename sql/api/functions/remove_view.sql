create or replace function api.remove_view(p_id bigint, p_removed boolean) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.remove_view(p_id, p_removed);
end;
alter function api.remove_view(bigint, boolean) owner to dozir_writer;
comment on function api.remove_view(bigint, boolean) is
  'Removes a view of the caller''s, or takes the removal back.';
