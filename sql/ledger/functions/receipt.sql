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
  p_body_sha256 bytea,
  p_batch_root bytea default null,
  p_entry bytea default null
) returns bytea
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- The bytes of a receipt. Version 0, without an entry, tells the facts; version 1 also what the log
-- will hold of them, and by when: the gateway adds the promise that it signs about that. The order of
-- members is fixed, so the same facts always give the same bytes; still the stored bytes are what is
-- answered. Times do not depend on the session's time zone (ledger.rfc3339), so none is set.
declare
  facts text := json_build_object(
    'receipt_version', case when p_entry is null then 0 else 1 end,
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
  )::text;
begin
  if p_entry is not null then
    facts := left(facts, -1) || ', ' || substr(json_build_object(
      'origin', (select l.origin from ledger.log as l),
      'batch_root', encode(p_batch_root, 'hex'),
      'entry_hash', encode(sha256(p_entry), 'hex'),
      'entry', translate(encode(p_entry, 'base64'), chr(10), ''),
      'merge_by', ledger.rfc3339(p_received_at + interval '10 seconds')
    )::text, 2);
  end if;
  return convert_to(facts, 'UTF8');
end
$body$;
comment on function ledger.receipt(
  bigint, text, bigint, text, bigint, uuid, integer, ledger.type_total[],
  timestamptz, timestamptz, timestamptz, bytea, bytea, bytea
) is 'The stored bytes of a receipt: version 0, or version 1 with its entry of the log.';
