create or replace function registry.recount_changes() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into registry.operator_count as n (operator_id, kind, state, record_count)
  select d.operator_id, 'change', 'open', sum(d.delta)
  from (
    select c.operator_id, c.state, 1 as delta from changed as c
    union all
    select b.operator_id, b.state, -1 from before as b
  ) as d
  where d.operator_id is not null and d.state in ('submitted', 'in_review', 'returned')
  group by 1 having sum(d.delta) <> 0 order by 1
  on conflict (operator_id, kind, state) do update
  set record_count = n.record_count + excluded.record_count;
  return null;
end
$body$;
alter function registry.recount_changes() owner to dozir_writer;
comment on function registry.recount_changes() is 'Statement trigger: counts changes that open or end.';
