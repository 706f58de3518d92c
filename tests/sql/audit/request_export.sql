-- login: superuser
create temporary table who as
with made as (
  insert into identity.person (role, name_uk, name_en, organisation_uk, organisation_en)
  values ('regulator', 'r1', 'r1', 'x', 'x'), ('regulator', 'r2', 'r2', 'x', 'x')
  returning id, name_uk, role, operator_id
)
select * from made;
select appoint_all();
grant select on who to public;
create function pg_temp.act_as(p_name text) returns text language plpgsql as $$
begin
  reset role;
  perform become('regulator');
  perform set_config('dozir.person_id', (select w.id::text from who as w where w.name_uk = p_name), true);
  return p_name;
end $$;
create function pg_temp.ask() returns uuid language sql as $$
select api.request_export('registry.records', '{"path": {}, "query": {}}', 'csv', 'uk', 'request')
$$;
delete from audit.export_job;
select pg_temp.act_as('r1');
create temporary table asked as select pg_temp.ask() as id;
grant select on asked to public;
select is((select state from api.export_job), 'waiting', 'a file is asked for');
select pg_temp.ask();
select pg_temp.ask();
select throws_ok('select pg_temp.ask()', 'DZX01', null, 'no more than three at a time');
select pg_temp.act_as('r2');
select lives_ok('select pg_temp.ask()', 'of one person');
select is((select count(*) from api.export_job), 1::bigint, 'another''s files are not seen');
select ok(not (select api.cancel_export(id) from asked), 'nor cancelled');
select ok(not (select api.see_export(id) from asked), 'nor noted as seen');
select cannot('select * from api.claim_export(20)', 'nobody but the runner takes them');

-- The runner.
reset role;
update audit.export_job set requested_at = now() - interval '1 hour' where id = (select id from asked);
set local role dozir_portal;
create temporary table claimed as select * from api.claim_export(20);
select is((select id from claimed), (select id from asked), 'the oldest comes first');
select is((select attempt from claimed), 1, 'for the first time');
select isnt((select c.id from api.claim_export(20) as c), (select id from asked), 'another takes the next');
select ok((select api.note_export(id, 1, 500) from asked), 'it says how far it is');
select ok(not (select api.note_export(id, 2, 900) from asked), 'whoever is not at it is not heard');
reset role;
update audit.export_job set state = 'cancelled' where id <> (select id from asked);
update audit.export_job set beat_at = now() - interval '1 minute' where id = (select id from asked);
set local role dozir_portal;
select is((select c.attempt from api.claim_export(20) as c), 2, 'a silent runner is replaced');
select ok(not (select api.note_export(id, 1, 900) from asked), 'and not heard any more');
select ok(not (select api.end_export(id, 1, null, null, null, 'failed') from asked), 'nor can it end the file');
select ok((select api.release_export(id, 2) from asked), 'a runner gives back what it must leave');
reset role;
select is((select attempt from audit.export_job where id = (select id from asked)), 1, 'which is no failed attempt');
update audit.export_job set attempt = 3 where id = (select id from asked);
set local role dozir_portal;
select is_empty(
  'select from api.claim_export(20) as c join asked on asked.id = c.id', 'three failed attempts are enough');
reset role;
select is((select problem from audit.export_job where id = (select id from asked)), 'gave_up', 'and it is said');

-- Whose office has ended gets nothing.
update audit.export_job set state = 'cancelled' where state in ('waiting', 'running');
select pg_temp.act_as('r2');
create temporary table late as select pg_temp.ask() as id;
reset role;
update identity.person set active_until = now() - interval '1 second' where id = (select id from who where name_uk = 'r2');
grant select on late to public;
set local role dozir_portal;
select is_empty('select from api.claim_export(20)', 'nothing is made for whoever left');
reset role;
select is((select problem from audit.export_job where id = (select id from late)), 'no_rights', 'and it is said');

-- Cancelled, the file is not wanted any more.
update identity.person set active_until = 'infinity' where id in (select id from who);
select pg_temp.act_as('r1');
create temporary table unwanted as select pg_temp.ask() as id;
grant select on unwanted to public;
set local role dozir_portal;
select is((select c.id from api.claim_export(20) as c), (select id from unwanted), 'it is begun');
select pg_temp.act_as('r1');
select ok((select api.cancel_export(id) from unwanted), 'and cancelled by its person');
set local role dozir_portal;
select ok(not (select api.note_export(id, 1, 1) from unwanted), 'the runner learns it');
select ok(not (select api.end_export(id, 1, null, null, null, 'failed') from unwanted), 'and ends nothing');
