create or replace function registry.reindex_kind(p_kind text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- After a new row of the catalogue: documents and counts of this kind anew.
declare
  ids integer[];
begin
  ids := array(
    select e.record_id from registry.entry as e
    where e.kind = p_kind and e.recorded_until = 'infinity' order by 1);
  perform registry.index_records(p_kind, ids);
end
$body$;
alter function registry.reindex_kind(text) owner to dozir_writer;
comment on function registry.reindex_kind(text) is
  'Brings the entries of a kind up to the catalogue, after an attribute was added.';
