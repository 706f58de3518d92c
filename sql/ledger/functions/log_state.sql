create or replace function ledger.log_state()
  returns table (origin text, size bigint)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The log's name and how many leaves it has. No row where the database has no log.
begin
  return query
    select l.origin, coalesce((select max(x.leaf_index) + 1 from ledger.leaf as x), 0)
    from ledger.log as l;
end
$body$;
alter function ledger.log_state() owner to dozir_writer;
comment on function ledger.log_state() is 'For the sequencer: the log''s origin and its number of leaves.';
