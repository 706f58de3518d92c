create or replace function report.check_receipts()
  returns table (object text, key jsonb, stored jsonb, recomputed jsonb)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- Compares every batch with its receipt and with its neighbours: the receipt's bytes must be those
-- its columns give, an operator's sequence numbers must run from 1 without a gap, and the head must
-- name the last one and the ends of its stream. Batches of which a restore has left the entry alone count as
-- there. No row means that all hold.
begin
  return query
  select
    'ledger.batch receipt', jsonb_build_object('id', b.id),
    convert_from(b.receipt, 'UTF8')::jsonb, convert_from(r.receipt, 'UTF8')::jsonb
  from ledger.batch as b
  join registry.operator as o on o.id = b.operator_id
  left join ledger.entry as e on e.id = b.entry_id
  cross join lateral (
    select ledger.receipt(
      b.id, o.code, b.operator_sequence, b.stream, b.stream_sequence, b.idempotency_key,
      b.row_count, b.totals, b.occurred_from, b.occurred_until, b.received_at, b.body_sha256,
      b.batch_root, case when b.receipt_version = 1 then e.entry end
    ) as receipt
  ) as r
  where b.receipt is distinct from r.receipt;

  return query
  select
    'ledger.batch sequence', jsonb_build_object('operator_id', s.operator_id),
    jsonb_build_object('batches', s.batches, 'last', s.last, 'head', h.last_sequence),
    jsonb_build_object('batches', s.batches, 'last', s.batches, 'head', s.batches)
  from (
    select n.operator_id, count(*) as batches, max(n.operator_sequence) as last
    from (
      select b.operator_id, b.operator_sequence from ledger.batch as b
      union all
      select r.operator_id, r.operator_sequence from ledger.restored_batch as r
    ) as n
    group by n.operator_id
  ) as s
  full join ledger.operator_head as h using (operator_id)
  where s.batches is distinct from s.last or s.batches is distinct from h.last_sequence;

  return query
  select
    'ledger.operator_head stream', jsonb_build_object('operator_id', h.operator_id),
    to_jsonb(k), to_jsonb(r)
  from ledger.operator_head as h
  cross join lateral (
    select
      h.numbered_count as numbers, h.several_streams as several,
      case when not h.several_streams then h.stream end as stream,
      case when not h.several_streams then h.first_number end as first,
      case when not h.several_streams then h.last_number end as last
  ) as k
  cross join lateral (
    select
      count(*) as numbers, count(distinct b.stream) > 1 as several,
      case when count(distinct b.stream) = 1 then min(b.stream) end as stream,
      case when count(distinct b.stream) = 1 then min(b.stream_sequence) end as first,
      case when count(distinct b.stream) = 1 then max(b.stream_sequence) end as last
    from ledger.batch as b
    where b.operator_id = h.operator_id and b.stream_sequence is not null
  ) as r
  where k is distinct from r;
end
$body$;
comment on function report.check_receipts() is
  'Batches whose receipt or sequence number does not hold; none when all is in order.';
