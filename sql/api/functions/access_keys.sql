create or replace function api.access_keys()
  returns table (
    id integer, operator_id integer, key_id text, label text, mode text, scopes text[],
    manual boolean, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
    rows_per_s bigint, burst_rows bigint, bytes_per_s bigint, burst_bytes bigint,
    own_row_limit boolean, own_byte_limit boolean
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- expires_at is null for a key that does not expire. The limits are those in force.
begin
  return query
  select
    k.id, k.operator_id, k.key_id, k.label, k.mode, k.scopes, k.manual, k.created_at,
    nullif(k.expires_at, 'infinity'), k.revoked_at,
    coalesce(k.rows_per_s, d.rows_per_s), coalesce(k.burst_rows, d.burst_rows),
    coalesce(k.bytes_per_s, d.bytes_per_s), coalesce(k.burst_bytes, d.burst_bytes),
    k.rows_per_s is not null, k.bytes_per_s is not null
  from api.access_key as k
  cross join api.key_limit as d
  order by k.id;
end
$body$;
comment on function api.access_keys() is
  'Access keys that the caller may see, with their limits and without secrets.';
