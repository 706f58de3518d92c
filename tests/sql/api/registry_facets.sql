-- login: dozir_portal
select become('regulator');
-- Counts kept are counts counted, for each kind and facet, whoever asks.
create function pg_temp.wrong() returns setof text language sql as $$
  select kind || ' ' || state || ' ' || facet_a || ' ' || facet_b from (
    select operator_id, kind, state, facet_a, facet_b, record_count from api.entry_count where record_count <> 0
    except
    select operator_id, kind, state, coalesce(facet_a, ''), coalesce(facet_b, ''), count(*)
    from api.entry where recorded_until = 'infinity' group by 1, 2, 3, 4, 5
  ) as x $$;
select is_empty('select * from pg_temp.wrong()', 'counts are exact');
select is(
  (select record_count from api.registry_facets('equipment') where facet = 'total'),
  (select count(*) from api.equipment), 'in all');
select is(
  (select sum(record_count)::bigint from api.registry_facets('equipment', '{"state": "blocked"}') where facet = 'state'),
  (select count(*) from api.equipment), 'a facet is counted without its own filter');
select is(
  (select sum(record_count)::bigint from api.registry_facets('equipment', '{"state": "blocked"}') where facet = 'kind'),
  1::bigint, 'the others with it');
select results_eq(
  $$select facet, value, record_count from api.registry_facets('equipment', '{"state": "installed"}')$$,
  $$select facet, value, record_count from api.registry_facets('equipment', '{"state": "installed"}', '', now())$$,
  'counted one by one they are the same');
select become('operator', operator_id('TEST-GAMMA'));
select is((select count(*) from api.registry_facets('equipment')), 0::bigint, 'another''s machines are not counted');
