create or replace function registry.restrict_access_key(
  p_access_key_id integer, p_scopes text[], p_addresses text[], p_expires_at timestamptz
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Narrows a key: scopes only fewer, expiry only earlier; addresses (networks) as given, none for all.
-- Raises DZK01, DZL01.
declare
  found_key registry.access_key;
  networks cidr[];
begin
  perform identity.check_permission('key.manage');
  perform registry.check_power('keys');
  select * into found_key from registry.access_key as k where k.id = p_access_key_id for update;
  perform registry.check_own_operator(found_key.operator_id);
  if found_key.id is null then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  end if;
  networks := p_addresses::cidr[];
  if not p_scopes <@ found_key.scopes or cardinality(p_scopes) = 0
    or p_expires_at > found_key.expires_at or cardinality(networks) > 50 then
    raise exception using errcode = 'DZL01', message = 'a key is narrowed, never widened';
  end if;
  update registry.access_key as k
  set scopes = coalesce(p_scopes, k.scopes), allowed_addresses = coalesce(networks, k.allowed_addresses),
    expires_at = coalesce(p_expires_at, k.expires_at)
  where k.id = p_access_key_id;
  perform registry.enter_decision(found_key.operator_id, 'key_restricted', jsonb_build_object(
    'access_key', p_access_key_id, 'key_id', found_key.key_id, 'scopes', p_scopes, 'networks', networks,
    'expires_at', case when p_expires_at < 'infinity' then ledger.rfc3339(p_expires_at) end));
exception
  when invalid_text_representation then
    raise exception using errcode = 'DZL01', message = 'no network address';
end
$body$;
alter function registry.restrict_access_key(integer, text[], text[], timestamptz) owner to dozir_writer;
comment on function registry.restrict_access_key(integer, text[], text[], timestamptz) is
  'Narrows what an access key may do, from where and until when.';
