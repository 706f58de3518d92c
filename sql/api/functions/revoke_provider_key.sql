create or replace function api.revoke_provider_key(p_provider_id integer) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether there was one to revoke.
declare
  revoked integer;
begin
  perform identity.check_permission('registry.decide');
  update blocking.provider_key as k set revoked_at = clock_timestamp()
  where k.provider_id = p_provider_id and k.revoked_at > clock_timestamp();
  get diagnostics revoked = row_count;
  if revoked > 0 then
    perform audit.note('decision', 'provider', p_provider_id::text,
      jsonb_build_object('decision', 'provider_key_revoked'));
  end if;
  return revoked > 0;
end
$body$;
alter function api.revoke_provider_key(integer) owner to dozir_writer;
comment on function api.revoke_provider_key(integer) is 'Revokes the secret of a provider.';
