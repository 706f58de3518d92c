-- login: dozir_portal
-- One page after another, forward and back, in every order: each operator once, with its numbers.
select become('regulator');
create function pg_temp.walk(p_sort text, p_descending boolean) returns integer[]
  language plpgsql as $$
declare page record; place text; seen integer[] := '{}'; got integer;
begin
  loop
    got := 0;
    for page in select * from api.operators_at_a_glance('', null, p_sort, p_descending, place, false, 2) loop
      seen := seen || page.operator_id; place := page.cursor; got := got + 1;
    end loop;
    exit when got = 0;
  end loop;
  return seen;
end $$;
create view pg_temp.orders as
select s as sort, d as descending, array_agg(g.operator_id) as ids, (array_agg(g.cursor))[array_length(array_agg(g.cursor), 1)] as last
from unnest(array['title_uk', 'title_en', 'last_data_at', 'licences_active', 'venues', 'websites',
  'mobile_applications', 'equipment', 'games', 'changes_open']) as s,
  unnest(array[false, true]) as d,
  lateral api.operators_at_a_glance('', null, s, d, null, false, 1000) as g
group by 1, 2;
select is(pg_temp.walk(sort, descending), ids, format('%s, descending: %s', sort, descending)) from pg_temp.orders;
select is(
  array(select operator_id from api.operators_at_a_glance('', null, sort, descending, last, true, 1000)),
  trim_array(ids, 1), format('%s, descending: %s, backward', sort, descending)) from pg_temp.orders;
select is(cardinality(pg_temp.walk('equipment', true)), (select count(*)::integer from api.operator), 'all of them');

-- The numbers are those of the records and of the changes.
select results_eq(
  $$select operator_id, licences_active, licences, venues, websites, mobile_applications, equipment, games, changes_open
    from api.operators_at_a_glance('', null, 'title_uk', false, null, false, 1000) order by 1$$,
  $$select o.id,
      count(*) filter (where e.kind = 'licence' and e.state = 'active'), count(*) filter (where e.kind = 'licence'),
      count(*) filter (where e.kind = 'venue' and e.state = 'active'),
      count(*) filter (where e.kind = 'website' and e.state = 'active'),
      count(*) filter (where e.kind = 'mobile_application' and e.state = 'active'),
      count(*) filter (where e.kind = 'equipment' and e.state = 'installed'),
      count(*) filter (where e.kind = 'game' and e.state = 'active'),
      (select count(*) from api.change as c
        where c.operator_id = o.id and c.state in ('submitted', 'in_review', 'returned'))
    from api.operator as o left join api.entry as e on e.operator_id = o.id and e.recorded_until = 'infinity'
    group by o.id order by 1$$,
  'counted one by one they are the same');
select isnt(
  (select sum(changes_open) from api.operators_at_a_glance()), 0::numeric, 'a change is open');
select results_eq(
  $$select integration, operator_count from api.operators_by_integration() order by 1$$,
  $$select integration, count(*) from api.operators_at_a_glance('', null, 'title_uk', false, null, false, 1000)
    group by 1 order by 1$$,
  'and by how their systems do');
select is(
  (select array_agg(g.operator_id order by g.operator_id) from api.operators_at_a_glance('', i) as g),
  (select array_agg(g.operator_id order by g.operator_id) from api.operators_at_a_glance() as g where g.integration = i),
  'narrowed to ' || i)
from unnest(array['none', 'waiting', 'silent', 'working']) as i;
select results_eq(
  $$select code from api.operators_at_a_glance('test-beta')$$, array['TEST-BETA'], 'searched');
select throws_ok($$select from api.operators_at_a_glance('', null, 'code')$$, 'DZR04', null, 'unknown order');
select throws_ok(
  format($$select from api.operators_at_a_glance('', null, %L, false, %L)$$, s, c), 'DZR04', null, s || ' from ' || c)
from unnest(array['title_uk', 'equipment', 'last_data_at']) as s,
  unnest(array['x', encode('["a", "b"]', 'base64'), encode('{}', 'base64'), encode('[[], 1]', 'base64')]) as c;

-- A change that is decided is open no longer.
select become('regulator');
select is(
  (select changes_open from api.operators_at_a_glance('test-alpha')), 1::bigint, 'one waits');
select api.step_change(change_of('TEST-ALPHA'), 'take');
select is(
  (select changes_open from api.operators_at_a_glance('test-alpha')), 1::bigint, 'taken for review it is open');
select api.step_change(change_of('TEST-ALPHA'), 'approve');
select is(
  (select changes_open from api.operators_at_a_glance('test-alpha')), 0::bigint, 'approved it is not');

select become('operator', operator_id('TEST-BETA'));
select results_eq(
  $$select code from api.operators_at_a_glance('', null, 'equipment', true)$$, array['TEST-BETA'], 'an operator sees itself');
select is((select sum(operator_count) from api.operators_by_integration()), 1::numeric, 'and counts nobody else');
select become('tax_service');
select is_empty($$select from api.operator_count where kind = 'change'$$, 'no number of changes for the tax service');
select isnt_empty($$select from api.operator_count where kind = 'licence'$$, 'but of licences');
