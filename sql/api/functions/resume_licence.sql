create or replace function api.resume_licence(
  p_licence_id integer, p_grounds text
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.resume_licence(p_licence_id, p_grounds);
end;
alter function api.resume_licence(
  integer, text
) owner to dozir_writer;
comment on function api.resume_licence(
  integer, text
) is 'Ends the suspension of a licence.';
