create or replace function registry.create_access_key(
  p_operator_id integer,
  p_key_id text,
  p_secret_hmac bytea,
  p_label text,
  p_mode text,
  p_scopes text[],
  p_manual boolean,
  p_expires_at timestamptz,
  p_addresses text[] default null
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Registers a key; from anywhere where it has no addresses (networks). Raises DZL01 (addresses).
declare
  networks cidr[];
  made integer;
begin
  perform identity.check_permission('key.manage');
  perform registry.check_power('keys');
  perform registry.check_own_operator(p_operator_id);
  begin
    networks := coalesce(p_addresses::cidr[], '{}');
  exception
    when invalid_text_representation then
      raise exception using errcode = 'DZL01', message = 'no network address';
  end;
  if cardinality(networks) > 50 then
    raise exception using errcode = 'DZL01', message = 'a key has 50 networks at most';
  end if;
  insert into registry.access_key (
    operator_id, key_id, secret_hmac, label, mode, scopes, manual, expires_at, allowed_addresses
  ) values (
    p_operator_id, p_key_id, p_secret_hmac, p_label, p_mode, p_scopes, p_manual,
    coalesce(p_expires_at, 'infinity'), networks
  )
  returning id into made;
  perform registry.enter_decision(p_operator_id, 'key_created', jsonb_build_object(
    'access_key', made, 'key_id', p_key_id, 'mode', p_mode, 'scopes', p_scopes,
    'networks', case when cardinality(networks) > 0 then networks end,
    'expires_at', case when p_expires_at < 'infinity' then ledger.rfc3339(p_expires_at) end));
  return made;
end
$body$;
alter function registry.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz, text[]
) owner to dozir_writer;
comment on function registry.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz, text[]
) is 'Registers a key; the secret itself never reaches the database.';
