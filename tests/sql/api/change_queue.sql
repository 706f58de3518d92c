-- login: dozir_portal
-- The queue read from either end gives the same pages.
create temporary table begun (id bigint);
grant all on begun to public;
select become('operator', operator_id('TEST-ALPHA'));
insert into begun select c.id from generate_series(1, 7) as n, lateral api.save_change(
  null, 'brand', 'create', null, null, jsonb_build_object('code', 'B-' || n)) as c;
create function pg_temp.page(p_after bigint, p_limit integer, p_backward boolean) returns bigint[] language sql
return array(select q.id from api.change_queue(
  '{draft}', 'brand', operator_id('TEST-ALPHA'), null, p_after, p_limit, p_backward) as q);
create function pg_temp.nth(n integer) returns bigint language sql return (select id from begun order by id offset n - 1 limit 1);
select is(pg_temp.page(null, 3, false), array[pg_temp.nth(1), pg_temp.nth(2), pg_temp.nth(3)], 'the first page');
select is(pg_temp.page(pg_temp.nth(3), 3, false), array[pg_temp.nth(4), pg_temp.nth(5), pg_temp.nth(6)], 'the next');
select is(pg_temp.page(pg_temp.nth(4), 3, true), array[pg_temp.nth(1), pg_temp.nth(2), pg_temp.nth(3)], 'back again');
select is(pg_temp.page(pg_temp.nth(6), 2, true), array[pg_temp.nth(4), pg_temp.nth(5)], 'the nearest before, in order');
select is(pg_temp.page(pg_temp.nth(1), 3, true), '{}'::bigint[], 'nothing before the first');
select is(pg_temp.page(null, 2, true), array[pg_temp.nth(6), pg_temp.nth(7)], 'the end of the queue');
select become('operator', operator_id('TEST-BETA'));
select is(pg_temp.page(null, 50, true), '{}'::bigint[], 'backward none of another''s either');
