create or replace function registry.sum_counts() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What registry.entry_count says by facet, summed up by operator, kind and state. A new organiser begins
-- with a zero for each number that overviews sort by, so that an index alone gives their order.
begin
  insert into registry.operator_count (operator_id, kind, state, record_count)
  select o.operator_id, p.kind, p.state, 0
  from (select distinct c.operator_id from changed as c where c.kind = 'organiser') as o
  cross join (values
    ('change', 'open'), ('equipment', 'installed'), ('game', 'active'), ('licence', 'active'),
    ('mobile_application', 'active'), ('venue', 'active'), ('website', 'active')
  ) as p (kind, state)
  order by 1, 2, 3
  on conflict (operator_id, kind, state) do nothing;
  insert into registry.operator_count as n (operator_id, kind, state, record_count)
  select c.operator_id, c.kind, c.state, sum(c.record_count)
  from changed as c group by 1, 2, 3 order by 1, 2, 3
  on conflict (operator_id, kind, state) do update
  set record_count = n.record_count + excluded.record_count;
  return null;
end
$body$;
alter function registry.sum_counts() owner to dozir_writer;
comment on function registry.sum_counts() is
  'Statement trigger: sums new counts up by operator, kind and state.';
