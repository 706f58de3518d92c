-- login: dozir_portal
select become('regulator');
select set_config('t.from', (now() - interval '20 days')::text, true);
select set_config('t.until', (now() + interval '1 day')::text, true);

create function pg_temp.page(p_before uuid, p_limit integer) returns uuid[] language sql return array(
  select t.id from api.transactions(
    current_setting('t.from')::timestamptz, current_setting('t.until')::timestamptz,
    p_before => p_before, p_limit => p_limit) as t
);

-- Paging through everything gives everything once, newest first.
create function pg_temp.walk() returns uuid[] language plpgsql as $body$
declare
  page uuid[];
  walked uuid[] := '{}';
begin
  loop
    page := pg_temp.page(walked[cardinality(walked)], 17);
    exit when cardinality(page) = 0;
    walked := walked || page;
  end loop;
  return walked;
end
$body$;
select is(
  pg_temp.walk(),
  array(
    select id from api.transaction
    where occurred_at >= current_setting('t.from')::timestamptz
      and occurred_at < current_setting('t.until')::timestamptz
    order by id desc),
  'page by page the same as in one');

select results_eq(
  format('select distinct operator_id from api.transactions(%L, %L, array[%s])',
    current_setting('t.from'), current_setting('t.until'), operator_id('TEST-GAMMA')),
  array[operator_id('TEST-GAMMA')], 'of one operator');
select results_eq(
  format('select distinct type from api.transactions(%L, %L, null, null, array[2]::smallint[])',
    current_setting('t.from'), current_setting('t.until')),
  array[2::smallint], 'of one type');
select is_empty(
  format('select from api.transactions(%L, %L, null, array[3]::smallint[]) as t
    where t.licence_id not in (select id from api.licence where gambling_type_id = 3)',
    current_setting('t.from'), current_setting('t.until')),
  'of one gambling type');
select is(
  (select count(*) from api.transactions(
    current_setting('t.from')::timestamptz, current_setting('t.until')::timestamptz,
    p_limit => 10000) where taken_back),
  (select count(*) from api.cancellation), 'what was taken back is marked');
select is_empty(
  format('select from api.transactions(%L, %L)', current_setting('t.from'), current_setting('t.from')),
  'an empty period has none');
select throws_ok(
  'select from api.transactions(now(), now() - interval ''1 day'')', 'DZV01', null, 'reversed');
select throws_ok(
  'select from api.transactions(now() - interval ''40 days'', now())', 'DZV01', null, 'too long');
