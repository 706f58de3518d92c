create or replace function api.batch_entries(p_batch_ids bigint[])
  returns table (batch_id bigint, entry bytea, leaf_index bigint)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What the log has of batches: the entry, and its leaf once it was sequenced (null before). Only the
-- portal as itself may ask, after it has read the batches with their reader's rights. What it gets is
-- no more than where to look: the gateway holds it to the published, signed log.
begin
  return query
  select b.id, e.entry, l.leaf_index
  from unnest(p_batch_ids) as g (id)
  join ledger.batch as b on b.id = g.id
  left join ledger.earlier_batch as x on x.batch_id = b.id
  join ledger.entry as e on e.id = coalesce(b.entry_id, x.entry_id)
  left join ledger.leaf as l on l.entry_id = e.id;
end
$body$;
alter function api.batch_entries(bigint[]) owner to dozir_writer;
comment on function api.batch_entries(bigint[]) is
  'The log''s entries of batches and their places, for the portal as itself. A definer: it proves of '
  'what its reader has already been shown.';
