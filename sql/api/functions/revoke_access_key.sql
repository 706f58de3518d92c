create or replace function api.revoke_access_key(p_access_key_id integer) returns timestamptz
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.revoke_access_key(p_access_key_id);
end;
alter function api.revoke_access_key(integer) owner to dozir_writer;
comment on function api.revoke_access_key(integer) is
  'Revokes an access key; no batch of it commits after this has committed.';
