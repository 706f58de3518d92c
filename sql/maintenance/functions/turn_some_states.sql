create or replace function maintenance.turn_some_states(p_limit integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  due record;
  done integer := 0;
begin
  perform set_config('dozir.actor', 'time', true);
  for due in
    select d.kind, array_agg(d.record_id order by d.record_id) as ids
    from (
      select e.kind, e.record_id from registry.entry as e
      where e.recorded_until = 'infinity' and e.state_until <= transaction_timestamp()
        and e.state_until < 'infinity'
      order by e.state_until limit p_limit
    ) as d
    group by d.kind
  loop
    perform registry.index_records(due.kind, due.ids);
    done := done + cardinality(due.ids);
  end loop;
  perform set_config('dozir.actor', '', true);
  return done;
end
$body$;
alter function maintenance.turn_some_states(integer) owner to dozir_writer;
comment on function maintenance.turn_some_states(integer) is
  'New versions of up to so many records whose state time alone has changed: how many.';
