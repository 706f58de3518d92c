create or replace function api.create_access_key(
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
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.create_access_key(
    p_operator_id, p_key_id, p_secret_hmac, p_label, p_mode, p_scopes, p_manual, p_expires_at, p_addresses);
end;
alter function api.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz, text[]
) owner to dozir_writer;
comment on function api.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz, text[]
) is 'Registers an access key for an operator.';
