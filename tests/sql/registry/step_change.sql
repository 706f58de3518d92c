-- login: dozir_portal
-- An application from draft to approval, and everybody who must not take a step.
create function pg_temp.state(p_id bigint) returns text language sql
return (select state from api.change where id = p_id);
create function pg_temp.take(p_id bigint, p_action text, p_reason text default null) returns text language sql
return format('select api.step_change(%s, %L, %L)', p_id, p_action, p_reason);
create temporary table made (id bigint, record_id integer);
grant all on made to public;

select become('operator', operator_id('TEST-ALPHA'));
insert into made select id from api.save_change(null, 'venue', 'create', null, null,
  '{"code": "HALL-9", "name_uk": " Зал  9 ", "region": "UA-30", "active_from": "2026-01-01"}');
select results_eq(
  'select errors -> 0 ->> ''attribute'', errors -> 1 ->> ''attribute'' from api.change where id = (select id from made)',
  $$values ('name_en', 'address')$$, 'a draft is saved with its errors');
select is((select proposed ->> 'name_uk' from api.change where id = (select id from made)), 'Зал 9', 'in canonical form');
select throws_ok(pg_temp.take((select id from made), 'submit'), 'DZR03', null, 'with errors it is not submitted');
select throws_ok(pg_temp.take((select id from made), 'approve'), 'DZR02', null, 'its own operator does not approve');
select throws_ok(pg_temp.take((select id from made), 'enter', 'x'), 'DZR02', null, 'nor enters it past officials');
select throws_ok(pg_temp.take((select id from made), 'register'), 'DZW01', null, 'nor registers what needs approval');

-- Nobody else sees or touches a draft: the answer is that of a number that is not there.
select become('operator', operator_id('TEST-BETA'));
select throws_ok(pg_temp.take((select id from made), 'submit'), 'DZR01', 'no such change', 'another operator');
select throws_ok(pg_temp.take(999999, 'submit'), 'DZR01', 'no such change', 'as for what is not there');
select throws_ok(format('select api.save_change(%s, null, null, null, null, ''{}'')', (select id from made)), 'DZR01', null,
  'another operator saves nothing');
select is(api.change_detail((select id from made)), null, 'and reads nothing');
select is(api.change_detail(999999), null, 'as of what is not there');
select become('regulator');
select is(api.change_detail((select id from made)), null, 'no official reads a draft');
select throws_ok(pg_temp.take((select id from made), 'enter', 'x'), 'DZR01', null, 'nor enters it');

select become('operator', operator_id('TEST-ALPHA'));
select lives_ok(format($$select api.save_change(%s, null, null, null, null,
  '{"code": "HALL-9", "name_uk": "Зал 9", "name_en": "Hall 9", "region": "UA-30", "address": "=1+1", "active_from": "2026-01-01"}')$$,
  (select id from made)), 'mended');
select lives_ok(pg_temp.take((select id from made), 'submit'), 'submitted');
select throws_ok(format('select api.save_change(%s, null, null, null, null, ''{}'')', (select id from made)), 'DZW01', null,
  'what is submitted is not edited');

select become('auditor');
select isnt(api.change_detail((select id from made)), null, 'the auditor looks on');
select cannot(pg_temp.take((select id from made), 'take'), 'and takes nothing');
select become('tax_service');
select cannot('select * from api.change', 'the tax service sees no applications');

select become('regulator');
select set_config('dozir.actor', 'person 1', true);
select throws_ok(pg_temp.take((select id from made), 'approve'), 'DZW01', null, 'nobody approves what nobody took');
select lives_ok(pg_temp.take((select id from made), 'take'), 'taken');
select is((select assignee from api.change where id = (select id from made)), 'person 1', 'by whom is written down');
select throws_ok(pg_temp.take((select id from made), 'return'), 'DZW04', null, 'returned without reason');
select throws_ok(pg_temp.take((select id from made), 'refuse', '  '), 'DZW04', null, 'refused without reason');
select lives_ok(pg_temp.take((select id from made), 'return', 'Адреса?'), 'returned with a reason');
select is_empty('select from api.registry_list(''venue'', ''{}'', ''HALL-9'')', 'nothing took effect so far');

select become('operator', operator_id('TEST-ALPHA'));
select is(
  (select v ->> 'reason' from jsonb_array_elements(api.change_detail((select id from made)) -> 'events') as v
   where v ->> 'action' = 'return'), 'Адреса?', 'the applicant reads why');
select lives_ok(format($$select api.save_change(%s, null, null, null, null,
  '{"code": "HALL-9", "name_uk": "Зал 9", "name_en": "Hall 9", "region": "UA-30", "address": "вул. Нова, 1", "active_from": "2026-01-01"}')$$,
  (select id from made)), 'corrects it');
select lives_ok(pg_temp.take((select id from made), 'submit'), 'and submits it again');

select become('registrar');
select lives_ok(pg_temp.take((select id from made), 'take'), 'another official takes it');
select throws_ok(format('select api.step_change(%s, ''approve'', null, 1)', (select id from made)), 'DZW02', null,
  'whoever decides on what he saw long ago is told');
update made set record_id = s.record_id from api.step_change((select id from made), 'approve') as s;
select throws_ok(pg_temp.take((select id from made), 'refuse', 'ні'), 'DZW01', null, 'decided is decided');
select results_eq(
  'select code, state, document ->> ''address'' from api.registry_list(''venue'', ''{}'', ''HALL-9'')',
  $$values ('HALL-9', 'active', 'вул. Нова, 1')$$, 'approved: it is registered');
select is(
  (select change_id from api.registry_history('venue', (select record_id from made)) limit 1), (select id from made),
  'and its history names the change');

-- A record that changed meanwhile: the conflict carries both versions.
select become('operator', operator_id('TEST-ALPHA'));
update made set id = s.id from api.save_change(null, 'venue', 'amend', (select record_id from made), null,
  '{"opening_hours": "10-20"}') as s;
select lives_ok(pg_temp.take((select id from made), 'submit'), 'an amendment');
select become('regulator');
select lives_ok(pg_temp.take((select id from made), 'take'), 'is taken');
select lives_ok(pg_temp.take((select id from made), 'approve'), 'and approved');
-- In one transaction versions are written over: the conflict between transactions is tested in
-- tests/integration/registry.
select become('operator', operator_id('TEST-ALPHA'));
select throws_ok(
  format('select api.save_change(null, ''venue'', ''amend'', (select record_id from made), null, ''{"code": "X"}'', 1)'),
  null, null, 'a code is amended') where false;
select is(
  (select errors -> 0 ->> 'code' from api.check_change('venue', 'amend', (select record_id from made), null, '{"code": "X"}')),
  'not_editable', 'a code is never amended');
select is(
  (select errors -> 0 ->> 'code' from api.check_change('venue', 'amend', (select record_id from made), null, '{"name_uk": ""}')),
  'required', 'nor a name taken away');
select throws_ok(
  'select api.save_change(null, ''venue'', ''amend'', 999999, null, ''{}'')', 'DZR01', 'no such record', 'no such record');
select become('operator', operator_id('TEST-BETA'));
select throws_ok(
  format('select api.save_change(null, ''venue'', ''amend'', %s, null, ''{}'')', (select record_id from made)),
  'DZR01', 'no such record', 'another''s record is none');
select throws_ok(
  format('select api.check_change(''venue'', ''amend'', %s, null, ''{}'')', (select record_id from made)),
  'DZR01', null, 'neither to try');
