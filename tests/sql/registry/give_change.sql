-- login: superuser
-- A change is given to a colleague who may decide, and to nobody else; the log tells officials to whom.
insert into identity.person (role, name_uk, name_en, organisation_uk, organisation_en, active_from, active_until)
values
  ('regulator', 'Я', 'Self', 'Р', 'R', now() - interval '1 day', 'infinity'),
  ('registrar', 'Колега', 'Colleague', 'Р', 'R', now() - interval '1 day', 'infinity'),
  ('regulator', 'Був', 'Left', 'Р', 'R', now() - interval '9 days', now() - interval '1 second'),
  ('regulator', 'Буде', 'Not yet', 'Р', 'R', now() + interval '1 day', 'infinity'),
  ('auditor', 'Аудитор', 'Watcher', 'Р', 'R', now() - interval '1 day', 'infinity');
select appoint_all();
create function pg_temp.person(p_name text) returns integer language sql security definer
return (select id from identity.person where name_en = p_name);
create function pg_temp.give(p_id bigint, p_name text, p_word text default null, p_version integer default null)
returns text language sql
return format('select api.give_change(%s, %s, %L, %L)', p_id, coalesce(pg_temp.person(p_name), 0), p_word, p_version);
create temporary table made (id bigint);
grant all on made to public;

select become('operator', operator_id('TEST-ALPHA'));
insert into made select id from api.save_change(null, 'venue', 'create', null, null,
  '{"code": "HALL-G", "name_uk": "Зал", "name_en": "Hall", "region": "UA-30", "address": "вул. 1", "active_from": "2026-01-01"}');
select cannot(pg_temp.give((select id from made), 'Colleague'), 'an operator gives nothing');
select become('regulator');
select throws_ok(pg_temp.give((select id from made), 'Colleague'), 'DZR01', null, 'a draft of an operator is none');
select throws_ok(pg_temp.give(999999999, 'Colleague'), 'DZR01', null, 'as one that is not there');
select become('operator', operator_id('TEST-ALPHA'));
select api.step_change((select id from made), 'submit');

select become('auditor');
select cannot(pg_temp.give((select id from made), 'Colleague'), 'the auditor gives nothing');
select cannot('select from api.decider', 'nor reads who could be given it');
select become('tax_service');
select cannot(pg_temp.give((select id from made), 'Colleague'), 'nor does the tax service');

select become('regulator');
select set_config('dozir.actor', 'person ' || pg_temp.person('Self'), true);
select is(
  (select array_agg(name_en order by name_en) from api.decider where name_en in ('Self', 'Colleague', 'Left', 'Not yet', 'Watcher')),
  array['Colleague', 'Self'], 'those are offered who may decide now');
select throws_ok(pg_temp.give((select id from made), n.name), 'DZW05', null, 'not to: ' || n.name)
from (values ('Left'), ('Not yet'), ('Watcher'), ('Self'), ('Nobody')) as n (name);
select throws_ok(format('select api.give_change(%s, null)', (select id from made)), 'DZW05', null, 'nor to null');
select is((select state from api.change where id = (select id from made)), 'submitted', 'nothing came of that');
select throws_ok(pg_temp.give((select id from made), 'Colleague', null, 1), 'DZW02', null, 'who saw an earlier version is late');

select lives_ok(pg_temp.give((select id from made), 'Colleague', ' гляньте на адресу ', 2), 'given from the queue');
select results_eq(
  'select state, assignee, version from api.change where id = (select id from made)',
  format($$values ('in_review', 'person %s', 3)$$, pg_temp.person('Colleague')), 'it is the colleague''s, in review');
select results_eq(
  'select actor, recipient, from_state, to_state, reason from api.change_event
   where change_id = (select id from made) and action = ''give''',
  format($$values ('person %s', 'person %s', 'submitted', 'in_review', 'гляньте на адресу')$$,
    pg_temp.person('Self'), pg_temp.person('Colleague')), 'and the log tells by whom, to whom, with which word');
select is(
  (select e ->> 'recipient' from jsonb_array_elements(api.change_detail((select id from made)) -> 'events') as e
   where e ->> 'action' = 'give'), 'person ' || pg_temp.person('Colleague'), 'so does the page''s');
select is(
  (select count(*) from api.change_queue(null, null, null, 'person ' || pg_temp.person('Colleague'))), 1::bigint,
  'the colleague finds it in the queue');
select throws_ok(pg_temp.give((select id from made), 'Colleague', null, 2), 'DZW02', null, 'of two who give it one is late');
select throws_ok(pg_temp.give((select id from made), 'Colleague'), 'DZW05', null, 'it is not given to who has it');

select become('registrar');
select set_config('dozir.actor', 'person ' || pg_temp.person('Colleague'), true);
select lives_ok(pg_temp.give((select id from made), 'Self'), 'given on, without a word');
select lives_ok(format('select api.step_change(%s, ''refuse'', ''ні'')', (select id from made)), 'and decided');
select throws_ok(pg_temp.give((select id from made), 'Self'), 'DZW01', null, 'what is decided is not given');

select become('auditor');
select is(
  (select count(*) from api.change_event where change_id = (select id from made) and action = 'give'), 2::bigint,
  'an auditor reads the log whole');
select become('operator', operator_id('TEST-ALPHA'));
select is_empty(
  'select from api.change_event where recipient is not null or action = ''give''',
  'an operator is not told who of the officials gives it to whom');
select unalike(api.change_detail((select id from made))::text, '%гляньте%', 'nor with which word');
