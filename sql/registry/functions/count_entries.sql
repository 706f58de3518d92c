create or replace function registry.count_entries() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into registry.entry_count as n (operator_id, kind, state, facet_a, facet_b, record_count)
  select c.operator_id, c.kind, c.state, coalesce(c.facet_a, ''), coalesce(c.facet_b, ''), count(*)
  from changed as c where c.recorded_until = 'infinity'
  group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (operator_id, kind, state, facet_a, facet_b) do update
  set record_count = n.record_count + excluded.record_count;
  return null;
end
$body$;
alter function registry.count_entries() owner to dozir_writer;
comment on function registry.count_entries() is 'Statement trigger: counts new present versions.';
