create or replace function ledger.check_cancellations(p_operator_id integer, p_records jsonb)
  returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What ledger.record_cancellations would find of a batch that is not stored. p_records: rows of
-- ledger.transaction as a JSON array, those of the batch that take others back and those of it that
-- are taken back. Each row_no comes once.
declare
  given ledger.transaction[] := array(
    select r from jsonb_populate_recordset(null::ledger.transaction, p_records) as r
  );
  own ledger.transaction[] := array(select g from unnest(given) as g where g.cancel_reason <> 0);
  cancelled_ids uuid[] := array(select o.cancels from unnest(own) as o);
begin
  return ledger.judge_cancellations(
    own,
    ledger.find_transactions(p_operator_id, cancelled_ids)
    || array(select g from unnest(given) as g where g.id = any (cancelled_ids)),
    array(
      select o.row_no from unnest(own) as o
      where not exists (
        select from ledger.cancellation as c
        where c.operator_id = p_operator_id and c.cancelled_id = o.cancels
      )
    ));
end
$body$;
alter function ledger.check_cancellations(integer, jsonb) owner to dozir_writer;
comment on function ledger.check_cancellations(integer, jsonb) is
  'Which cancellations of a batch would be refused, and why; stores nothing.';
