create or replace function api.rotate_access_key(
  p_access_key_id integer, p_key_id text, p_secret_hmac bytea, p_old_until timestamptz
) returns integer
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.rotate_access_key(p_access_key_id, p_key_id, p_secret_hmac, p_old_until);
end;
alter function api.rotate_access_key(
  integer, text, bytea, timestamptz
) owner to dozir_writer;
comment on function api.rotate_access_key(
  integer, text, bytea, timestamptz
) is 'Replaces a key by a new one; both work for a while.';
