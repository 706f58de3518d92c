create or replace function ledger.batch_body(
  p_schema_version smallint,
  p_batch_id bigint,
  p_operator_sequence bigint,
  p_operator_id integer,
  p_stream text,
  p_stream_sequence bigint,
  p_idempotency_key uuid,
  p_access_key_id integer,
  p_body_sha256 bytea,
  p_row_count integer,
  p_batch_root bytea,
  p_occurred_from timestamptz,
  p_occurred_until timestamptz,
  p_received_at timestamptz,
  p_late_count integer,
  p_totals ledger.type_total[]
) returns bytea
  language plpgsql immutable parallel safe
  set search_path = pg_catalog, pg_temp
as $body$
-- The body of a batch's entry, field by field as docs/ledger.md pins it; the last two bytes say that
-- no signature of the operator follows. p_totals must be ordered by currency and type.
declare
  totals bytea := int2send(cardinality(p_totals)::smallint);
  one ledger.type_total;
begin
  foreach one in array p_totals loop
    totals := totals || int2send(one.currency) || int2send(one.type) || int4send(one.count)
      || int8send(one.amount_minor) || int4send(one.cancelled_count)
      || int8send(one.cancelled_minor);
  end loop;
  return int2send(p_schema_version) || int8send(p_batch_id) || int8send(p_operator_sequence)
    || int4send(p_operator_id) || ledger.short_text(p_stream)
    || int8send(coalesce(p_stream_sequence, 0)) || uuid_send(p_idempotency_key)
    || int4send(p_access_key_id) || p_body_sha256 || int4send(p_row_count) || p_batch_root
    || ledger.unix_moment(p_occurred_from) || ledger.unix_moment(p_occurred_until)
    || ledger.unix_moment(p_received_at) || int4send(p_late_count) || totals
    || int2send(0::smallint);
end
$body$;
comment on function ledger.batch_body(
  smallint, bigint, bigint, integer, text, bigint, uuid, integer, bytea, integer, bytea,
  timestamptz, timestamptz, timestamptz, integer, ledger.type_total[]
) is 'The body of a batch''s entry in the log: its facts in their one binary form.';
