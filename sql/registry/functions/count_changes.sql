create or replace function registry.count_changes() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Open: submitted and neither decided nor withdrawn.
begin
  insert into registry.operator_count as n (operator_id, kind, state, record_count)
  select c.operator_id, 'change', 'open', count(*) from changed as c
  where c.operator_id is not null and c.state in ('submitted', 'in_review', 'returned')
  group by 1 order by 1
  on conflict (operator_id, kind, state) do update
  set record_count = n.record_count + excluded.record_count;
  return null;
end
$body$;
alter function registry.count_changes() owner to dozir_writer;
comment on function registry.count_changes() is 'Statement trigger: counts the open changes of operators.';
