create or replace function registry.revoke_access_key(p_access_key_id integer) returns timestamptz
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Revokes a key. The exclusive lock waits for every batch that has read the key as valid: once this
-- has returned (and its transaction committed), no batch of this key commits.
declare
  found_key registry.access_key;
begin
  perform identity.check_permission('key.manage');
  perform registry.check_power('keys');
  perform registry.check_own_operator(
    (select k.operator_id from registry.access_key as k where k.id = p_access_key_id));
  perform pg_advisory_xact_lock(1, p_access_key_id);
  select * into found_key from registry.access_key as k where k.id = p_access_key_id for update;
  if not found then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  end if;
  if found_key.revoked_at is null then
    update registry.access_key as k set revoked_at = clock_timestamp()
    where k.id = p_access_key_id returning k.revoked_at into found_key.revoked_at;
    perform registry.enter_decision(found_key.operator_id, 'key_revoked', jsonb_build_object(
      'access_key', p_access_key_id, 'key_id', found_key.key_id,
      'revoked_at', ledger.rfc3339(found_key.revoked_at)));
  end if;
  return found_key.revoked_at;
end
$body$;
alter function registry.revoke_access_key(integer) owner to dozir_writer;
comment on function registry.revoke_access_key(integer) is
  'Revokes a key; no batch of it commits after this has committed.';
