create or replace function ledger.sequence_entries(p_entries bigint[])
  returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Gives entries the next leaves, in the order of their ids, and returns the log's size after it.
-- Raises DZL02 where one of them has its leaf already or is none: somebody else is at work; a second
-- sequencer that comes at the same moment fails on the primary key of ledger.leaf (23505).
declare
  size bigint;
  taken bigint;
begin
  select coalesce(max(x.leaf_index) + 1, 0) into size from ledger.leaf as x;
  with gone as (
    delete from ledger.unsequenced as u where u.entry_id = any(p_entries) returning u.entry_id
  )
  insert into ledger.leaf (leaf_index, entry_id)
  select size + row_number() over (order by g.entry_id) - 1, g.entry_id from gone as g;
  get diagnostics taken = row_count;
  if taken <> cardinality(p_entries) then
    raise exception using errcode = 'DZL02', message = 'an entry is not waiting for its leaf';
  end if;
  return size + taken;
end
$body$;
alter function ledger.sequence_entries(bigint[]) owner to dozir_writer;
comment on function ledger.sequence_entries(bigint[]) is
  'For the sequencer: gives waiting entries the next leaves of the log.';
