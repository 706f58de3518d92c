create or replace function ledger.record_cancellations(
  p_operator_id integer,
  p_batch_id bigint,
  p_rows integer[],
  p_ids uuid[],
  p_cancelled_ids uuid[]
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Records which transactions a batch takes back, if ledger.judge_cancellations finds no fault.
-- Raises DZC01 with, in DETAIL, [{"row_no": …, "code": …}, …].
declare
  recorded integer[];
  problems jsonb;
begin
  with inserted as (
    -- In key order, so that two batches that cancel the same records wait and do not deadlock.
    insert into ledger.cancellation (operator_id, cancelled_id, batch_id, row_no)
    select p_operator_id, u.cancelled_id, p_batch_id, u.row_no
    from unnest(p_rows, p_cancelled_ids) as u (row_no, cancelled_id)
    order by u.cancelled_id, u.row_no
    on conflict do nothing
    returning row_no
  )
  select array_agg(i.row_no) into recorded from inserted as i;
  problems := ledger.judge_cancellations(
    ledger.find_transactions(p_operator_id, p_ids),
    ledger.find_transactions(p_operator_id, p_cancelled_ids),
    recorded);
  if problems is not null then
    raise exception using
      errcode = 'DZC01', message = 'cancellations that do not hold', detail = problems::text;
  end if;
end
$body$;
alter function ledger.record_cancellations(integer, bigint, integer[], uuid[], uuid[])
  owner to dozir_writer;
comment on function ledger.record_cancellations(integer, bigint, integer[], uuid[], uuid[]) is
  'Records the cancellations of one batch, or raises DZC01 naming each that does not hold.';
