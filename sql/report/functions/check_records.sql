create or replace function report.check_records()
  returns table (object text, key jsonb, stored jsonb, recomputed jsonb)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- What can be checked of single rows without a log: an id is of version 7 and carries its row's time,
-- rows of a batch are numbered from 1 without a gap, and each cancelling row has its cancellation and
-- the other way round. A changed player, round or reference is found by the log alone.
begin
  return query
  select
    'ledger.transaction id', jsonb_build_object('batch_id', t.batch_id, 'row_no', t.row_no),
    jsonb_build_object('id', t.id, 'occurred_at', t.occurred_at),
    jsonb_build_object('version', 7, 'occurred_at', ledger.id_time(t.id))
  from ledger.transaction as t
  where substr(t.id::text, 15, 1) <> '7' or ledger.id_time(t.id) <> t.occurred_at;

  return query
  select
    'ledger.transaction row_no', jsonb_build_object('batch_id', n.batch_id),
    jsonb_build_object('first', n.first, 'last', n.last, 'distinct', n.different),
    jsonb_build_object('first', 1, 'last', n.rows, 'distinct', n.rows)
  from (
    select
      t.batch_id, count(*) as rows, min(t.row_no) as first, max(t.row_no) as last,
      count(distinct t.row_no) as different
    from (
      select x.batch_id, x.row_no from ledger.transaction as x
      union all
      -- Of a batch that reaches over the archive horizon the dropped rows left their leaves.
      select d.batch_id, d.row_no
      from ledger.dropped_leaf as d
      join ledger.batch as b on b.id = d.batch_id
      where b.occurred_until >= (select max(a.archived_until) from ledger.archive as a)
    ) as t
    group by t.batch_id
  ) as n
  where n.first <> 1 or n.last <> n.rows or n.different <> n.rows;

  return query
  select
    'ledger.cancellation',
    jsonb_build_object(
      'batch_id', coalesce(c.batch_id, t.batch_id), 'row_no', coalesce(c.row_no, t.row_no)),
    to_jsonb(c.cancelled_id), to_jsonb(t.cancels)
  from ledger.cancellation as c
  full join (
    select x.operator_id, x.batch_id, x.row_no, x.cancels
    from ledger.transaction as x
    where x.cancel_reason <> 0
  ) as t
    on t.operator_id = c.operator_id and t.batch_id = c.batch_id and t.row_no = c.row_no
  where c.cancelled_id is distinct from t.cancels
    -- Of days that were archived the cancelling rows are gone and their cancellations stay.
    and (t.cancels is not null or exists (
      select from ledger.batch as b
      where b.id = c.batch_id
        and b.occurred_from >= (
          select coalesce(max(a.archived_until), '-infinity') from ledger.archive as a
        )
    ));
end
$body$;
comment on function report.check_records() is
  'Rows whose id, number or cancellation does not hold; none when all is in order.';
