-- login: dozir_portal
create function pg_temp.licence(p_number text) returns integer language sql
return (select record_id from api.registry_list('licence', jsonb_build_object('number', p_number)));
create function pg_temp.state(p_number text) returns text language sql
return (select state from api.registry_list('licence', jsonb_build_object('number', p_number)));
create temporary table planned (id integer, begun integer, past integer);
grant all on planned to public;
select become('regulator');
insert into planned (id) select api.suspend_licence(pg_temp.licence('A-ONLINE'), now() + interval '10 days', null, 'борг');
update planned set begun = (
    select s.id from api.licence_suspension as s join api.licence as l on l.id = s.licence_id
    where l.number = 'B-POKER'),
  past = (
    select s.id from api.licence_suspension as s join api.licence as l on l.id = s.licence_id
    where l.number = 'A-SLOTS');
select become('operator', operator_id('TEST-ALPHA'));
select cannot((select format('select api.withdraw_suspension(%s, ''x'')', id) from planned), 'an operator takes nothing back');
select become('tax_service');
select cannot((select format('select api.withdraw_suspension(%s, ''x'')', id) from planned), 'nor does the tax service');
select become('auditor');
select cannot((select format('select api.withdraw_suspension(%s, ''x'')', id) from planned), 'nor the auditor');
select become('registrar');
select throws_ok('select api.withdraw_suspension(999999, ''x'')', 'DZR01', null, 'no such suspension');
select throws_ok((select format('select api.withdraw_suspension(%s, '' '')', id) from planned), 'DZW04', null, 'grounds are needed');
select throws_ok((select format('select api.withdraw_suspension(%s, ''x'')', begun) from planned), 'DZW01', null,
  'what has begun is ended, not taken back');
select throws_ok((select format('select api.withdraw_suspension(%s, ''x'')', past) from planned), 'DZW01', null, 'nor what is over');
select lives_ok((select format('select api.withdraw_suspension(%s, '' сплачено '')', id) from planned), 'what is to come is');
select throws_ok((select format('select api.withdraw_suspension(%s, ''x'')', id) from planned), 'DZW01', null, 'once');
select results_eq(
  'select s.withdrawn_at, s.withdrawal_grounds, s.grounds from api.licence_suspension as s join planned as p on p.id = s.id',
  $$values (now(), 'сплачено', 'борг')$$, 'it stays, with both grounds');
select is(
  (select document -> 'suspensions' -> 0 ->> 'withdrawal_grounds' from api.registry_record('licence', pg_temp.licence('A-ONLINE'))),
  'сплачено', 'in the record too');
select is(
  (select state_until from api.registry_list('licence', '{"number": "A-ONLINE"}')),
  (select until from api.registry_list('licence', '{"number": "A-ONLINE"}')), 'time alone no longer suspends it');
select lives_ok(
  format('select api.suspend_licence(%s, now() + interval ''9 days'', now() + interval ''11 days'', ''x'')', pg_temp.licence('A-ONLINE')),
  'its time is free for another');
select become('operator', operator_id('TEST-ALPHA'));
select is(
  (select jsonb_array_length(l -> 'suspensions') from jsonb_array_elements(api.registry_codes() -> 'licences') as l
    where l ->> 'number' = 'A-ONLINE'), 1, 'operators'' systems are told of those that hold alone');
