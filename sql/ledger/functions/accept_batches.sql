create or replace function ledger.accept_batches(p_batches jsonb, p_arrivals jsonb)
  returns table (batch_id bigint, receipt bytea)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Last statement of the transaction that stores batches, after its one COPY: records cancellations,
-- counts arrivals, gives each operator's next sequence numbers, enters the batches into the log,
-- stores them and returns their receipts. Every lock is taken in the order of operators, so that groups of batches which share
-- operators wait for each other and do not deadlock.
--   p_batches   [{batch_id, access_key_id, idempotency_key, body_sha256 (hex), schema_version,
--               stream, stream_sequence, row_count, batch_root (hex), occurred_from_us, occurred_until_us
--               (since 2000),
--               late_count, lag_histogram, totals: [{currency, type, count, sum, cancelled_count,
--               cancelled_sum}, …], cancelling: [[row, id, cancelled id], …]}, …] in the order in
--               which an operator's are numbered
--   p_arrivals  [{access_key_id, batch_count, row_count, late_count, lag_histogram}, …]: the same
--               added up for each key
-- Raises DZC01 (cancellations that do not hold, see ledger.record_cancellations); 23505 on
-- uq_batch_stream_sequence means that a stream's sequence number is taken.
declare
  one record;
  appended record;
  previous bytea;
begin
  for one in
    select
      k.operator_id, b.batch_id, array_agg((c.value ->> 0)::integer order by c.place) as rows,
      array_agg((c.value ->> 1)::uuid order by c.place) as ids,
      array_agg((c.value ->> 2)::uuid order by c.place) as cancelled_ids
    from jsonb_to_recordset(p_batches)
      as b (batch_id bigint, access_key_id integer, cancelling jsonb)
    join registry.access_key as k on k.id = b.access_key_id
    cross join jsonb_array_elements(b.cancelling) with ordinality as c (value, place)
    group by k.operator_id, b.batch_id
    order by k.operator_id, b.batch_id
  loop
    perform ledger.record_cancellations(
      one.operator_id, one.batch_id, one.rows, one.ids, one.cancelled_ids);
  end loop;

  perform rollup.count_batches(p_arrivals);

  -- The heads' row locks come last and are held until commit: sequence numbers have no gaps and
  -- follow the order of commits, as do the chain of entries and their ids.
  for one in
    with given as materialized (
      select b.*, k.operator_id, o.code as operator_code, x.place
      from jsonb_array_elements(p_batches) with ordinality as x (document, place)
      cross join jsonb_to_record(x.document) as b (
        batch_id bigint, access_key_id integer, idempotency_key uuid, body_sha256 text,
        schema_version smallint, stream text, stream_sequence bigint, row_count integer,
        batch_root text, occurred_from_us bigint, occurred_until_us bigint, late_count integer,
        lag_histogram integer[], totals jsonb
      )
      cross join lateral (
        select a.operator_id from registry.access_key as a where a.id = b.access_key_id limit 1
      ) as k
      cross join lateral (
        select r.code from registry.operator as r where r.id = k.operator_id limit 1
      ) as o
    ),
    heads as (
      insert into ledger.operator_head as h (
        operator_id, last_sequence, numbered_count, stream, several_streams, first_number, last_number
      )
      select
        g.operator_id, count(*), count(g.stream_sequence),
        min(g.stream) filter (where g.stream_sequence is not null),
        count(distinct g.stream) filter (where g.stream_sequence is not null) > 1,
        min(g.stream_sequence), max(g.stream_sequence)
      from given as g
      group by g.operator_id
      order by g.operator_id
      on conflict (operator_id) do update set
        last_sequence = h.last_sequence + excluded.last_sequence,
        numbered_count = h.numbered_count + excluded.numbered_count,
        stream = coalesce(h.stream, excluded.stream),
        several_streams = h.several_streams or excluded.several_streams
          or coalesce(h.stream <> excluded.stream, false),
        first_number = least(h.first_number, excluded.first_number),
        last_number = greatest(h.last_number, excluded.last_number)
      returning h.operator_id, h.last_sequence, h.last_hash
    )
    select
      g.*, ledger.moment(g.occurred_from_us) as occurred_from,
      ledger.moment(g.occurred_until_us) as occurred_until,
      decode(g.body_sha256, 'hex') as sha256, decode(g.batch_root, 'hex') as root,
      h.last_hash,
      h.last_sequence - count(*) over (partition by g.operator_id)
        + row_number() over own as operator_sequence,
      row_number() over own = 1 as is_first,
      row_number() over own = count(*) over (partition by g.operator_id) as is_last,
      (
        select array_agg(
          row(
            t.currency, t.type, t.count, t.sum, t.cancelled_count, t.cancelled_sum
          )::ledger.type_total
          order by t.currency, t.type
        )
        from jsonb_to_recordset(g.totals) as t (
          currency smallint, type smallint, count integer, sum bigint, cancelled_count integer,
          cancelled_sum bigint
        )
      ) as type_totals
    from given as g
    join heads as h on h.operator_id = g.operator_id
    window own as (partition by g.operator_id order by g.place)
    order by g.operator_id, g.place
  loop
    if one.is_first then
      previous := one.last_hash;
    end if;
    select a.id, a.hash, a.entry into appended
    from ledger.append_entry(
      1::smallint, one.operator_id, one.operator_code, previous,
      ledger.batch_body(
        one.schema_version, one.batch_id, one.operator_sequence, one.operator_id, one.stream,
        one.stream_sequence, one.idempotency_key, one.access_key_id, one.sha256, one.row_count,
        one.root, one.occurred_from, one.occurred_until, transaction_timestamp(), one.late_count,
        one.type_totals)
    ) as a;
    previous := appended.hash;
    batch_id := one.batch_id;
    receipt := ledger.receipt(
      one.batch_id, one.operator_code, one.operator_sequence, one.stream, one.stream_sequence,
      one.idempotency_key, one.row_count, one.type_totals, one.occurred_from, one.occurred_until,
      transaction_timestamp(), one.sha256, one.root, appended.entry);
    insert into ledger.batch (
      id, schema_version, shard, operator_id, operator_sequence, access_key_id, idempotency_key,
      stream, stream_sequence, row_count, totals, occurred_from, occurred_until, received_at,
      late_count, lag_histogram, body_sha256, receipt_version, receipt, batch_root, entry_id
    ) values (
      one.batch_id, one.schema_version, ledger.shard(), one.operator_id, one.operator_sequence,
      one.access_key_id, one.idempotency_key, one.stream, one.stream_sequence, one.row_count,
      one.type_totals, one.occurred_from, one.occurred_until, transaction_timestamp(),
      one.late_count, one.lag_histogram, one.sha256, 1, receipt, one.root, appended.id
    );
    if one.is_last then
      update ledger.operator_head as h set last_hash = previous
      where h.operator_id = one.operator_id;
    end if;
    return next;
  end loop;
end
$body$;
alter function ledger.accept_batches(jsonb, jsonb) owner to dozir_writer;
comment on function ledger.accept_batches(jsonb, jsonb) is
  'Accepts batches that commit together: cancellations, sequence numbers, receipts. Last statement '
  'of the storing transaction.';
