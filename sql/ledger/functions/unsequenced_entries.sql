create or replace function ledger.unsequenced_entries(p_limit integer)
  returns table (id bigint, hash bytea, entry bytea)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The oldest entries without a leaf, in the order of their ids. An operator's batches take their ids
-- under its head's lock, which is held until commit: whoever sees one sees all before it.
begin
  return query
    select e.id, e.hash, e.entry
    from (
      select u.entry_id from ledger.unsequenced as u order by u.entry_id limit p_limit
    ) as u
    join ledger.entry as e on e.id = u.entry_id
    order by e.id;
end
$body$;
alter function ledger.unsequenced_entries(integer) owner to dozir_writer;
comment on function ledger.unsequenced_entries(integer) is
  'For the sequencer: the oldest entries that have no leaf yet.';
