create or replace function registry.create_access_key(
  p_operator_id integer,
  p_key_id text,
  p_secret_hmac bytea,
  p_label text,
  p_mode text,
  p_scopes text[],
  p_manual boolean,
  p_expires_at timestamptz
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  made integer;
begin
  perform registry.check_power('keys');
  perform registry.check_own_operator(p_operator_id);
  insert into registry.access_key (
    operator_id, key_id, secret_hmac, label, mode, scopes, manual, expires_at
  ) values (
    p_operator_id, p_key_id, p_secret_hmac, p_label, p_mode, p_scopes, p_manual,
    coalesce(p_expires_at, 'infinity')
  )
  returning id into made;
  return made;
end
$body$;
alter function registry.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz
) owner to dozir_writer;
comment on function registry.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz
) is 'Registers a key; the secret itself never reaches the database.';
