create or replace function api.access_keys()
  returns table (
    id integer, operator_id integer, key_id text, label text, mode text, scopes text[],
    manual boolean, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- expires_at is null for a key that does not expire.
begin
  return query
  select
    k.id, k.operator_id, k.key_id, k.label, k.mode, k.scopes, k.manual, k.created_at,
    nullif(k.expires_at, 'infinity'), k.revoked_at
  from api.access_key as k
  order by k.id;
end
$body$;
comment on function api.access_keys() is 'Access keys that the caller may see, without secrets.';
