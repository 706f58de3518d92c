create or replace function api.row_leaves(p_batch_id bigint)
  returns table (row_no integer, leaf bytea)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The leaf hash of each row of a batch in its order: SHA-256 over a zero byte and the row as binary
-- COPY gives it (docs/ledger.md); of rows that retention took, as long as others of the batch are
-- here, the hash that it left. The batch gives plain bounds of time first, so that only its chunks
-- are planned. Nothing for a batch that the caller may not see.
declare
  batch record;
begin
  select b.id, b.operator_id, b.occurred_from, b.occurred_until into batch
  from ledger.batch as b
  where b.id = p_batch_id and (
    registry.caller_role() in ('regulator', 'tax_service', 'auditor')
    or (registry.caller_role() = 'operator' and b.operator_id = registry.own_operator())
  );
  if not found then
    return;
  end if;
  return query
  select t.row_no, ledger.row_leaf(t)
  from ledger.transaction as t
  where t.occurred_at >= batch.occurred_from and t.occurred_at <= batch.occurred_until
    and t.operator_id = batch.operator_id and t.batch_id = batch.id
  union all
  select d.row_no, d.leaf
  from ledger.dropped_leaf as d
  where d.batch_id = batch.id
  order by 1;
end
$body$;
alter function api.row_leaves(bigint) owner to dozir_writer;
comment on function api.row_leaves(bigint) is
  'The leaf hashes of a batch''s rows. A definer: a hash covers the player, whom not every reader may '
  'see, and tells nothing of one that is not known already.';
