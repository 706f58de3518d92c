create or replace function registry.recount_entries() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into registry.entry_count as n (operator_id, kind, state, facet_a, facet_b, record_count)
  select d.operator_id, d.kind, d.state, d.facet_a, d.facet_b, sum(d.delta)
  from (
    select c.operator_id, c.kind, c.state, coalesce(c.facet_a, '') as facet_a,
      coalesce(c.facet_b, '') as facet_b, 1 as delta
    from changed as c where c.recorded_until = 'infinity'
    union all
    select b.operator_id, b.kind, b.state, coalesce(b.facet_a, ''), coalesce(b.facet_b, ''), -1
    from before as b where b.recorded_until = 'infinity'
  ) as d
  group by 1, 2, 3, 4, 5 having sum(d.delta) <> 0 order by 1, 2, 3, 4, 5
  on conflict (operator_id, kind, state, facet_a, facet_b) do update
  set record_count = n.record_count + excluded.record_count;
  return null;
end
$body$;
alter function registry.recount_entries() owner to dozir_writer;
comment on function registry.recount_entries() is 'Statement trigger: counts versions that end or change.';
