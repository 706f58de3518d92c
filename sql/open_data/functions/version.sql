create or replace function open_data.version(
  out registry_change bigint, out blocked_change bigint, out blocked_at timestamptz, out origin text
)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- By what the public pages know that something has changed: two look-ups in indexes. The log's name is told
-- with them.
begin
  select max(h.id) into registry_change from registry.history as h;
  select c.sequence, c.changed_at into blocked_change, blocked_at
  from blocking.change as c order by c.sequence desc limit 1;
  select l.origin into origin from ledger.log as l;
  registry_change := coalesce(registry_change, 0);
  blocked_change := coalesce(blocked_change, 0);
end
$body$;
alter function open_data.version() owner to dozir_writer;
comment on function open_data.version() is 'Numbers of the last changes of the registers and of the list.';
