create or replace function api.restrict_access_key(
  p_access_key_id integer, p_scopes text[], p_addresses text[], p_expires_at timestamptz
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.restrict_access_key(p_access_key_id, p_scopes, p_addresses, p_expires_at);
end;
alter function api.restrict_access_key(
  integer, text[], text[], timestamptz
) owner to dozir_writer;
comment on function api.restrict_access_key(
  integer, text[], text[], timestamptz
) is 'Narrows what an access key may do, from where and until when.';
