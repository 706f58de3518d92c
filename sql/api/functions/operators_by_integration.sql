create or replace function api.operators_by_integration(p_search text default '')
  returns table (integration text, operator_count bigint, more boolean)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- How the systems of the operators do that a search finds; it looks at 2,000 of them (more: there are as
-- many or more).
begin
  return query execute format(
    'select i.integration, count(*), sum(count(*)) over () >= 2000'
    ' from (select e.record_id from api.entry as e where %s limit 2000) as e'
    ' join api.operator_integration as i on i.operator_id = e.record_id group by 1',
    api.registry_conditions('organiser', '{}', p_search, null, true));
end
$body$;
comment on function api.operators_by_integration(text) is
  'Counts of the operators that a search finds, by how their systems do.';
