create or replace function ledger.enter_earlier_batch(p_batch_id bigint, p_batch_root bytea)
  returns bytea
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
-- Enters a batch that was accepted before there was a log (kind 2), as the newest link of its
-- operator's chain; the entry's hash, or null where it has its entry already. The row in
-- ledger.batch stays as it is: ledger.earlier_batch says where its entry is.
--   p_batch_root  the root over its rows; 32 zero bytes where retention has dropped them
declare
  one record;
  appended record;
  previous bytea;
begin
  select b.*, o.code into one
  from ledger.batch as b
  join registry.operator as o on o.id = b.operator_id
  where b.id = p_batch_id and b.entry_id is null;
  if not found then
    return null;
  end if;
  select h.last_hash into previous
  from ledger.operator_head as h where h.operator_id = one.operator_id for update;
  if exists (select from ledger.earlier_batch as e where e.batch_id = p_batch_id) then
    return null;
  end if;
  select a.id, a.hash into appended
  from ledger.append_entry(
    2::smallint, one.operator_id, one.code, previous,
    ledger.batch_body(
      one.schema_version, one.id, one.operator_sequence, one.operator_id, one.stream,
      one.stream_sequence, one.idempotency_key, one.access_key_id, one.body_sha256, one.row_count,
      p_batch_root, one.occurred_from, one.occurred_until, one.received_at, one.late_count,
      array(
        select t::ledger.type_total from unnest(one.totals) as t order by t.currency, t.type
      ))
  ) as a;
  insert into ledger.earlier_batch (batch_id, entry_id) values (p_batch_id, appended.id);
  update ledger.operator_head as h set last_hash = appended.hash
  where h.operator_id = one.operator_id;
  return appended.hash;
end
$body$;
comment on function ledger.enter_earlier_batch(bigint, bytea) is
  'Enters a batch from before the log into it; dozir migrate calls it for each of them.';
