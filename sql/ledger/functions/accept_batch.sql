create or replace function ledger.accept_batch(
  p_batch_id bigint,
  p_access_key_id integer,
  p_idempotency_key uuid,
  p_body_sha256 bytea,
  p_schema_version smallint,
  p_stream text,
  p_stream_sequence bigint,
  p_row_count integer,
  p_occurred_from timestamptz,
  p_occurred_until timestamptz,
  p_late_count integer,
  p_lag_histogram integer[],
  p_currencies smallint[],
  p_types smallint[],
  p_counts integer[],
  p_amounts bigint[],
  p_cancelled_counts integer[],
  p_cancelled_amounts bigint[],
  p_cancelling_rows integer[],
  p_cancelling_ids uuid[],
  p_cancelled_ids uuid[]
) returns bytea
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Last statement of the transaction that stores a batch, after its COPY: records cancellations,
-- gives the operator's next sequence number, stores the batch and returns its receipt.
-- The totals come as parallel arrays, one element per currency and type.
-- Raises DZC01 (cancellations that do not hold, see ledger.record_cancellations); 23505 on
-- uq_batch_stream_sequence means that the stream's sequence number is taken.
declare
  k registry.access_key;
  operator_code text;
  next_sequence bigint;
  batch_totals ledger.type_total[];
  new_receipt bytea;
begin
  select * into strict k from registry.access_key where id = p_access_key_id;
  select o.code into strict operator_code from registry.operator as o where o.id = k.operator_id;

  if cardinality(p_cancelling_rows) > 0 then
    perform ledger.record_cancellations(
      k.operator_id, p_batch_id, p_cancelling_rows, p_cancelling_ids, p_cancelled_ids);
  end if;

  select array_agg(row(c, t, n, a, cn, ca)::ledger.type_total order by c, t) into batch_totals
  from unnest(p_currencies, p_types, p_counts, p_amounts, p_cancelled_counts, p_cancelled_amounts)
    as u (c, t, n, a, cn, ca);

  perform rollup.count_batch(
    k.operator_id, p_access_key_id, p_row_count, p_late_count, p_lag_histogram);

  -- The head's row lock comes last and is held until commit: sequence numbers have no gaps and
  -- follow the order of commits.
  insert into ledger.operator_head as h (operator_id, last_sequence)
  values (k.operator_id, 1)
  on conflict (operator_id) do update set last_sequence = h.last_sequence + 1
  returning h.last_sequence into next_sequence;

  new_receipt := ledger.receipt(
    p_batch_id, operator_code, next_sequence, p_stream, p_stream_sequence, p_idempotency_key,
    p_row_count, batch_totals, p_occurred_from, p_occurred_until, transaction_timestamp(),
    p_body_sha256);
  insert into ledger.batch (
    id, schema_version, shard, operator_id, operator_sequence, access_key_id, idempotency_key,
    stream, stream_sequence, row_count, totals, occurred_from, occurred_until, received_at,
    late_count, lag_histogram, body_sha256, receipt_version, receipt
  ) values (
    p_batch_id, p_schema_version, ledger.shard(), k.operator_id, next_sequence, p_access_key_id,
    p_idempotency_key, p_stream, p_stream_sequence, p_row_count, batch_totals, p_occurred_from,
    p_occurred_until, transaction_timestamp(), p_late_count, p_lag_histogram, p_body_sha256, 0,
    new_receipt
  );
  return new_receipt;
end
$body$;
alter function ledger.accept_batch(
  bigint, integer, uuid, bytea, smallint, text, bigint, integer, timestamptz, timestamptz, integer,
  integer[], smallint[], smallint[], integer[], bigint[], integer[], bigint[], integer[], uuid[],
  uuid[]
) owner to dozir_writer;
comment on function ledger.accept_batch(
  bigint, integer, uuid, bytea, smallint, text, bigint, integer, timestamptz, timestamptz, integer,
  integer[], smallint[], smallint[], integer[], bigint[], integer[], bigint[], integer[], uuid[],
  uuid[]
) is 'Accepts a batch: cancellations, sequence number, receipt. Last statement of the storing transaction.';
