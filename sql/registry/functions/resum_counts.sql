create or replace function registry.resum_counts() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into registry.operator_count as n (operator_id, kind, state, record_count)
  select d.operator_id, d.kind, d.state, sum(d.delta)
  from (
    select c.operator_id, c.kind, c.state, c.record_count as delta from changed as c
    union all
    select b.operator_id, b.kind, b.state, -b.record_count from before as b
  ) as d
  group by 1, 2, 3 having sum(d.delta) <> 0 order by 1, 2, 3
  on conflict (operator_id, kind, state) do update
  set record_count = n.record_count + excluded.record_count;
  return null;
end
$body$;
alter function registry.resum_counts() owner to dozir_writer;
comment on function registry.resum_counts() is 'Statement trigger: sums of counts that change.';
