create or replace function api.refusals(
  p_operators integer[] default null,
  p_before bigint default null,
  p_limit integer default 50,
  p_from timestamptz default null,
  p_until timestamptz default null,
  p_keys integer[] default null,
  p_code text default null
) returns table (
    id bigint, refused_at timestamptz, operator_id integer, access_key_id integer, stream text,
    stream_sequence bigint, idempotency_key uuid, status smallint, code text, error_count integer,
    row_count integer, body_bytes integer, codes jsonb, request_id text,
    errors jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Refused batches, newest first; p_before is the last id seen, p_from and p_until bound the time.
begin
  return query
  select
    r.id, r.refused_at, r.operator_id, r.access_key_id, r.stream, r.stream_sequence,
    r.idempotency_key, r.status, r.code, r.error_count, r.row_count, r.body_bytes, r.codes,
    r.request_id, r.errors
  from api.refusal as r
  where (p_operators is null or r.operator_id = any (p_operators))
    and (p_before is null or r.id < p_before)
    and (p_from is null or r.refused_at >= p_from)
    and (p_until is null or r.refused_at < p_until)
    and (p_keys is null or r.access_key_id = any (p_keys))
    and (p_code is null or r.code = p_code)
  order by r.id desc
  limit least(p_limit, 1000);
end
$body$;
comment on function api.refusals(
  integer[], bigint, integer, timestamptz, timestamptz, integer[], text
) is 'Refused batches, newest first.';
