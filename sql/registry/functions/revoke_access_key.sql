create or replace function registry.revoke_access_key(p_access_key_id integer) returns timestamptz
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Revokes a key. The exclusive lock waits for every batch that has read the key as valid: once this
-- has returned (and its transaction committed), no batch of this key commits.
declare
  moment timestamptz;
begin
  perform registry.check_power('keys');
  perform registry.check_own_operator(
    (select k.operator_id from registry.access_key as k where k.id = p_access_key_id));
  perform pg_advisory_xact_lock(1, p_access_key_id);
  update registry.access_key as k
  set revoked_at = coalesce(k.revoked_at, clock_timestamp())
  where k.id = p_access_key_id
  returning k.revoked_at into moment;
  if moment is null then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  end if;
  return moment;
end
$body$;
alter function registry.revoke_access_key(integer) owner to dozir_writer;
comment on function registry.revoke_access_key(integer) is
  'Revokes a key; no batch of it commits after this has committed.';
