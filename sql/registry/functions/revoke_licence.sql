create or replace function registry.revoke_licence(p_licence_id integer, p_grounds text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Revokes a licence for good, from now on. Raises DZR01, DZW01, DZW04.
declare
  owner_id integer;
begin
  owner_id := registry.lock_licence(p_licence_id, 'revoke', p_grounds);
  perform set_config('dozir.reason', p_grounds, true);
  update registry.licence as l
  set revoked_at = transaction_timestamp(), revocation_grounds = btrim(p_grounds)
  where l.id = p_licence_id;
  perform set_config('dozir.reason', '', true);
  perform registry.enter_decision(owner_id, 'licence_revoked', jsonb_build_object(
    'licence', p_licence_id, 'grounds_sha256', registry.text_hash(btrim(p_grounds))));
end
$body$;
alter function registry.revoke_licence(integer, text) owner to dozir_writer;
comment on function registry.revoke_licence(integer, text) is 'Revokes a licence, with grounds.';
