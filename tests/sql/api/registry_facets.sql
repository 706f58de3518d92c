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
-- The page that the list gives, whatever narrows and orders it, and from any place.
create function pg_temp.same(p_filters jsonb, p_search text, p_sort text, p_descending boolean, p_backward boolean)
  returns text language plpgsql as $$
declare place text; ids integer[]; listed record;
begin
  select l.cursor into place from api.registry_list('equipment', p_filters, p_search, p_sort, p_descending) as l offset 1 limit 1;
  select f.value::integer[] into strict ids
  from api.registry_facets('equipment', p_filters, p_search, null, p_sort, p_descending, place, p_backward, 2) as f
  where f.facet = 'page';
  select array_agg(l) as looked_for,
    (select array_agg(a) from api.registry_list(
      'equipment', p_filters, p_search, p_sort, p_descending, place, p_backward, 2, null, ids) as a) as among
  into listed
  from api.registry_list('equipment', p_filters, p_search, p_sort, p_descending, place, p_backward, 2) as l;
  return case when listed.looked_for is null then 'nothing' when listed.looked_for is distinct from listed.among
    then format('%s instead of %s', listed.among, listed.looked_for) else 'same' end;
end $$;
select is(pg_temp.same(f, s, o, d, b), 'same', format('page of "%s" %s by %s, descending: %s, backward: %s', s, f, o, d, b))
from (values ('{}'::jsonb, 's'), ('{"kind": ["slot_machine", "gaming_table"]}', 't'),
  ('{"state": "installed"}', 'slot -')) as x (f, s),
  unnest(array['title_uk', 'code', 'since']) as o, unnest(array[false, true]) as d, unnest(array[true]) as b;
select is_empty(
  $$select from api.registry_facets('equipment', '{}', '', null, 'code') where facet = 'page'$$, 'no page where nothing is looked for');
select results_eq(
  $$select value, record_count from api.registry_facets('equipment', '{}', 'qqqq', null, 'code')$$,
  $$values ('{}', 0::bigint)$$, 'an empty page');
select throws_ok(
  $$select from api.registry_facets('equipment', '{}', 's', null, 'operator_id')$$, 'DZR04', null, 'unknown order');
select throws_ok(
  $$select from api.registry_facets('equipment', '{}', 's', null, 'code', false, 'x')$$, 'DZR04', null, 'unknown place');
select become('operator', operator_id('TEST-GAMMA'));
select is((select count(*) from api.registry_facets('equipment')), 0::bigint, 'another''s machines are not counted');
