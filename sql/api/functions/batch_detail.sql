create or replace function api.batch_detail(p_batch_id bigint)
  returns table (
    id bigint, operator_id integer, operator_sequence bigint, access_key_id integer, stream text,
    stream_sequence bigint, idempotency_key uuid, row_count integer, totals jsonb,
    occurred_from timestamptz, occurred_until timestamptz, received_at timestamptz,
    late_count integer, body_sha256 bytea, receipt bytea
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
  select
    b.id, b.operator_id, b.operator_sequence, b.access_key_id, b.stream, b.stream_sequence,
    b.idempotency_key, b.row_count, to_jsonb(b.totals), b.occurred_from, b.occurred_until,
    b.received_at, b.late_count, b.body_sha256, b.receipt
  from api.batch as b
  where b.id = p_batch_id;
end
$body$;
comment on function api.batch_detail(bigint) is 'One accepted batch with its receipt.';
