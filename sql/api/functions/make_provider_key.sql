create or replace function api.make_provider_key(p_provider_id integer, p_secret_sha256 bytea) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A secret by which a provider says what it carried out; those it had before are revoked. Raises DZR01.
declare
  made integer;
begin
  perform identity.check_permission('registry.decide');
  if not exists (
    select from registry.provider as p where p.id = p_provider_id and p.active_until > clock_timestamp()
  ) then
    raise exception using errcode = 'DZR01', message = 'no such provider';
  end if;
  update blocking.provider_key as k set revoked_at = clock_timestamp()
  where k.provider_id = p_provider_id and k.revoked_at > clock_timestamp();
  insert into blocking.provider_key (provider_id, secret_sha256) values (p_provider_id, p_secret_sha256)
  returning id into made;
  perform audit.note('decision', 'provider', p_provider_id::text,
    jsonb_build_object('decision', 'provider_key_made'));
  return made;
end
$body$;
alter function api.make_provider_key(integer, bytea) owner to dozir_writer;
comment on function api.make_provider_key(integer, bytea) is
  'Makes the secret of a provider; earlier ones are revoked.';
