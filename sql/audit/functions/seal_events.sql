create or replace function audit.seal_events(p_most bigint default 1000) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Enters the oldest events that no entry of the log vouches for yet, at most so many, as one entry of
-- kind 5 with the leaf hash of each. How many. What was noted before the last complete seal, less the
-- longest that a transaction may take to commit (10 minutes), is too late for one and stays without: an
-- event that pretends to be older is what the verifier looks for.
declare
  floor_at timestamptz;
  taken record;
  made bigint;
begin
  -- One at a time, and none between two that read the same events.
  perform pg_advisory_xact_lock(hashtextextended('audit.seal_events', 7));
  perform audit.tell_excess();
  select max(s.sealed_at) - interval '10 minutes' into floor_at from audit.seal as s where s.complete;
  select
    array_agg(e.id order by e.id) as ids,
    jsonb_agg(jsonb_build_array(e.id, encode(audit.event_leaf(e), 'hex')) order by e.id) as leaves
  into taken
  from (
    select o.* from audit.event as o
    where o.at >= coalesce(floor_at, '-infinity')
      and not exists (select from audit.sealed_event as x where x.event_id = o.id)
    order by o.at, o.id
    limit p_most
  ) as e;
  if taken.ids is null then
    return 0::bigint;
  end if;
  made := nextval(pg_get_serial_sequence('audit.seal', 'id'));
  insert into audit.seal (id, event_count, complete, entry_id)
  overriding system value
  select made, cardinality(taken.ids), cardinality(taken.ids) < p_most, a.id
  from ledger.append_entry(
    5::smallint, 0, '', null, convert_to(jsonb_build_object(
      'act', 'events',
      'seal', made,
      'at', ledger.rfc3339(transaction_timestamp()),
      'complete', cardinality(taken.ids) < p_most,
      'events', taken.leaves)::text, 'UTF8')) as a;
  insert into audit.sealed_event (event_id, seal_id)
  select i.id, made from unnest(taken.ids) as i (id);
  return cardinality(taken.ids)::bigint;
end
$body$;
alter function audit.seal_events(bigint) owner to dozir_writer;
comment on function audit.seal_events(bigint) is
  'Enters events into the log, many with one entry; how many.';
