create or replace function ledger.receipt(
  p_batch_id bigint,
  p_operator_code text,
  p_operator_sequence bigint,
  p_stream text,
  p_stream_sequence bigint,
  p_idempotency_key uuid,
  p_rows integer,
  p_totals ledger.type_total[],
  p_occurred_from timestamptz,
  p_occurred_until timestamptz,
  p_received_at timestamptz,
  p_body_sha256 bytea
) returns bytea
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- Receipt version 0: the facts, unsigned. json_build_object keeps the order of its arguments, so
-- the same facts always give the same bytes; still the stored bytes are what is answered.
-- Times do not depend on the session's time zone (ledger.rfc3339), so none is set.
begin
  return convert_to(json_build_object(
    'receipt_version', 0,
    'batch_id', p_batch_id,
    'operator', p_operator_code,
    'operator_sequence', p_operator_sequence,
    'stream', p_stream,
    'stream_sequence', p_stream_sequence,
    'idempotency_key', p_idempotency_key,
    'rows', p_rows,
    'totals', (
      select json_agg(json_build_object(
        'type', ledger.type_name(t.type),
        'currency', c.code,
        'count', t.count,
        'sum', ledger.decimal_string(t.amount_minor, c.minor_digits),
        'cancelled_count', t.cancelled_count,
        'cancelled_sum', ledger.decimal_string(t.cancelled_minor, c.minor_digits)
      ) order by t.currency, t.type)
      from unnest(p_totals) as t
      join registry.currency as c on c.id = t.currency
    ),
    'occurred_from', ledger.rfc3339(p_occurred_from),
    'occurred_until', ledger.rfc3339(p_occurred_until),
    'received_at', ledger.rfc3339(p_received_at),
    'body_sha256', encode(p_body_sha256, 'hex')
  )::text, 'UTF8');
end
$body$;
comment on function ledger.receipt(
  bigint, text, bigint, text, bigint, uuid, integer, ledger.type_total[],
  timestamptz, timestamptz, timestamptz, bytea
) is 'The bytes of receipt version 0.';
