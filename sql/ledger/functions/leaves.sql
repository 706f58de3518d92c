create or replace function ledger.leaves(p_from bigint, p_count integer)
  returns table (leaf_index bigint, hash bytea)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The entry hashes of leaves p_from to p_from + p_count - 1, in order.
begin
  return query
    select x.leaf_index, e.hash
    from ledger.leaf as x
    join ledger.entry as e on e.id = x.entry_id
    where x.leaf_index >= p_from and x.leaf_index < p_from + p_count
    order by x.leaf_index;
end
$body$;
alter function ledger.leaves(bigint, integer) owner to dozir_writer;
comment on function ledger.leaves(bigint, integer) is
  'For the sequencer: which entry hashes stand where in the log.';
