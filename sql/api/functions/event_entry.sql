create or replace function api.event_entry(p_event_id bigint)
  returns table (entry bytea, leaf_index bigint, tuple bytea)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The entry of the log that vouches for an event, its place once it was sequenced, and the event's
-- tuple. Only the portal as itself may ask, after it has read the event with its reader's rights.
begin
  return query
  select n.entry, l.leaf_index, audit.event_tuple(e)
  from audit.event as e
  join audit.sealed_event as x on x.event_id = e.id
  join audit.seal as s on s.id = x.seal_id
  join ledger.entry as n on n.id = s.entry_id
  left join ledger.leaf as l on l.entry_id = n.id
  where e.id = p_event_id;
end
$body$;
alter function api.event_entry(bigint) owner to dozir_writer;
comment on function api.event_entry(bigint) is
  'The log''s entry that vouches for an event, and its place, for the portal as itself.';
