create or replace function api.suspend_licence(
  p_licence_id integer, p_from timestamptz, p_until timestamptz, p_grounds text
) returns integer
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.suspend_licence(p_licence_id, p_from, p_until, p_grounds);
end;
alter function api.suspend_licence(
  integer, timestamptz, timestamptz, text
) owner to dozir_writer;
comment on function api.suspend_licence(
  integer, timestamptz, timestamptz, text
) is 'Suspends a licence: see registry.suspend_licence.';
