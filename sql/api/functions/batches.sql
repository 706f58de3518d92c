create or replace function api.batches(
  p_operators integer[] default null,
  p_occurred_from timestamptz default '-infinity',
  p_occurred_until timestamptz default 'infinity',
  p_before bigint default null,
  p_limit integer default 50,
  p_received_from timestamptz default null,
  p_received_until timestamptz default null,
  p_late boolean default false,
  p_keys integer[] default null
) returns table (
    id bigint, operator_id integer, operator_sequence bigint, access_key_id integer, stream text,
    stream_sequence bigint, row_count integer, totals jsonb, occurred_from timestamptz,
    occurred_until timestamptz, received_at timestamptz, late_count integer
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Accepted batches, newest first, that hold something of a period; p_before is the last id seen.
-- They can be narrowed to a time of receipt, to those with late rows, and to access keys.
begin
  return query
  select
    b.id, b.operator_id, b.operator_sequence, b.access_key_id, b.stream, b.stream_sequence,
    b.row_count, to_jsonb(b.totals), b.occurred_from, b.occurred_until, b.received_at, b.late_count
  from api.batch as b
  where b.occurred_until >= p_occurred_from and b.occurred_from < p_occurred_until
    and (p_operators is null or b.operator_id = any (p_operators))
    and (p_before is null or b.id < p_before)
    and (p_received_from is null or b.received_at >= p_received_from)
    and (p_received_until is null or b.received_at < p_received_until)
    and (not p_late or b.late_count > 0)
    and (p_keys is null or b.access_key_id = any (p_keys))
  order by b.id desc
  limit least(p_limit, 1000);
end
$body$;
comment on function api.batches(
  integer[], timestamptz, timestamptz, bigint, integer, timestamptz, timestamptz, boolean,
  integer[]) is
  'Accepted batches that hold something of a period, newest first.';
