-- login: superuser
-- A role is what two officials made it, from the next request on; nobody decides of themselves.
create function pg_temp.as_person(p_person integer) returns text language plpgsql as $$
begin
  reset role;
  perform become((select role from identity.person where id = p_person));
  perform set_config('dozir.person_id', p_person::text, true), set_config('dozir.actor', 'person ' || p_person, true);
  return '';
end $$;
create function pg_temp.made(p_role text, p_name text) returns integer language sql volatile as $$
  with who as (
    insert into identity.person (role, name_uk, name_en, organisation_uk, organisation_en)
    select database_role, p_name, p_name, 'x', 'x' from identity.role where code = p_role returning id)
  insert into identity.appointment (person_id, role, state, active_from)
  select id, p_role, 'in_force', now() - interval '1 day' from who returning person_id
$$;
create function pg_temp.code_of(p_statement text) returns text language plpgsql volatile as $$
declare
  told text;
begin
  execute p_statement;
  return 'carried out';
exception when others then
  get stacked diagnostics told = pg_exception_detail;
  return sqlstate || ' ' || told;
end $$;
create function pg_temp.may(p_code text) returns boolean language sql volatile security definer
return identity.may(p_code);
grant execute on all functions in schema pg_temp to public;
-- Of the demonstration: only those of this script appoint.
update identity.appointment set state = 'ended';
create temporary table who as
select
  pg_temp.made('supervisor', 'a') as a, pg_temp.made('supervisor', 'b') as b, pg_temp.made('officer', 'o') as o,
  pg_temp.made('tax_supervisor', 't') as t, pg_temp.made('tax_supervisor', 'u') as u, 0::bigint as change;
grant all on who to public;
create function pg_temp.proposed(p_action text, p_person integer, p_role text default null) returns bigint
language sql volatile as $$ select api.propose_appointment(p_action, p_person, p_role, null, null, 'order 1') $$;
grant execute on all functions in schema pg_temp to public;

-- Permissions are the appointment's, not the database role's.
select is(identity.role_of(o), 'officer') from who;
select ok(not 'official.propose' in (select identity.permissions_of(o)), 'an officer does not appoint') from who;
select pg_temp.as_person(o) from who;
select throws_ok(format('select pg_temp.proposed(''change'', %s, ''supervisor'')', o), 'DZR02', null, 'not even oneself') from who;
select is_empty('select from api.appointment', 'nor sees who holds which role');
select throws_ok('select api.revoke_licence(1, ''x'')', 'DZR02', null, 'acts of others are refused before anything is looked up');
select set_config('dozir.person_id', a::text, true) from who;
select ok(pg_temp.may('official.propose'), 'the person whom the portal names counts');
select set_config('dozir.person_id', t::text, true) from who;
select ok(not pg_temp.may('official.propose'), 'and only through the database role of that person');

-- One proposes, and cannot decide; another can, unless concerned.
select pg_temp.as_person(a) from who;
update who set change = pg_temp.proposed('change', o, 'registrar');
select is(pg_temp.code_of(format('select api.decide_appointment(%s, ''confirm'')', change)), 'DZW05 {"code": "own"}') from who;
select pg_temp.as_person(t) from who;
select throws_ok(format('select api.decide_appointment(%s, ''confirm'')', change), 'DZR01', null, 'another authority''s is as none') from who;
select throws_ok('select api.decide_appointment(999999, ''confirm'')', 'DZR01', null, 'as this is none');
select is_empty(format('select from api.appointment_change where id = %s', change)) from who;
select pg_temp.as_person(b) from who;
select is(pg_temp.code_of(format('select api.decide_appointment(%s, ''refuse'')', change)), 'DZW04 ', 'a refusal says why') from who;
select is(api.decide_appointment(change, 'confirm'), 'confirmed') from who;
select is(pg_temp.code_of(format('select api.decide_appointment(%s, ''confirm'')', change)), 'DZW01 {"state": "confirmed"}') from who;
reset role;
select results_eq(
  'select identity.role_of(o), p.role from who join identity.person as p on p.id = o',
  $$values ('registrar', 'registrar')$$, 'the role, and as whom the database is asked');
select is((select array_agg(functional_role) from who, api.person_rights(o)), array['registrar'], 'as the portal learns it');
select results_eq(
  'select deed, before ->> ''role'', after ->> ''role'' from identity.appointment_event, who where person_id = o order by id',
  $$values ('proposed', 'officer', 'officer'), ('confirmed', 'officer', 'registrar')$$, 'history tells what became different');
select isnt_empty(
  $$select from ledger.entry as e where e.kind = 4 and e.entered_at = transaction_timestamp()
    and document(e.entry)::jsonb ->> 'decision' = 'appointment_confirmed'$$,
  'and it is in the log');
select throws_ok('delete from identity.appointment_event', null, null, 'history is not unmade');
select throws_ok('update identity.appointment_event set reason = ''x''', null, null, 'nor rewritten');
select throws_ok('truncate identity.appointment_event', null, null, 'nor emptied');

-- Suspended, a person is nobody; a suspended session's every right is gone.
select pg_temp.as_person(a) from who;
update who set change = pg_temp.proposed('suspend', o);
select throws_ok(format('select pg_temp.proposed(''end'', %s)', o), 'DZW01', null, 'one proposal waits at a time') from who;
select pg_temp.as_person(b) from who;
select is(api.decide_appointment(change, 'confirm'), 'confirmed') from who;
reset role;
select is_empty('select from who, api.person_rights(o)', 'suspended at once');
select pg_temp.as_person(b) from who;
update who set change = pg_temp.proposed('resume', o);
select pg_temp.as_person(a) from who;
select is(api.decide_appointment(change, 'confirm'), 'confirmed') from who;
reset role;
select is(identity.role_of(o), 'registrar', 'resumed') from who;

-- Nobody decides of themselves, and two who appoint stay.
select pg_temp.as_person(a) from who;
update who set change = pg_temp.proposed('end', b);
select pg_temp.as_person(b) from who;
select is(pg_temp.code_of(format('select api.decide_appointment(%s, ''confirm'')', change)), 'DZW05 {"code": "self"}') from who;
select is(pg_temp.code_of(format('select api.decide_appointment(%s, ''refuse'', ''no'')', change)), 'DZW05 {"code": "self"}') from who;
select pg_temp.as_person(a) from who;
select is(api.decide_appointment(change, 'withdraw'), 'withdrawn', 'who proposed withdraws') from who;
update who set change = pg_temp.proposed('end', a);
select pg_temp.as_person(b) from who;
select is(pg_temp.code_of(format('select api.decide_appointment(%s, ''confirm'')', change)), 'DZW05 {"code": "last"}', 'one alone could appoint nobody') from who;

-- Who is invited is nobody before a second official has confirmed.
select is(pg_temp.code_of($$select api.propose_appointment('appoint', null, 'tax_inspector', null, null, 'r',
  '{"name_uk": "Н", "name_en": "N", "organisation_uk": "О", "organisation_en": "O", "tax_number": "3456789020"}')$$),
  'DZR03 [{"code": "choice", "attribute": "role"}]', 'the regulator does not appoint the tax service''s');
select is(pg_temp.code_of($$select api.propose_appointment('appoint', null, 'auditor', null, null, '',
  '{"name_uk": "Н", "name_en": " ", "organisation_uk": "О", "organisation_en": "O", "tax_number": "3456789029"}')$$),
  'DZR03 [{"code": "required", "attribute": "reason"}, {"code": "required", "attribute": "name_en"}, {"code": "number", "attribute": "tax_number"}]');
update who set change = api.propose_appointment('appoint', null, 'auditor', null, now() + interval '1 day', 'r',
  '{"name_uk": "Н", "name_en": "N", "organisation_uk": "О", "organisation_en": "O", "tax_number": "3456789020"}');
reset role;
select is_empty('select from who join identity.appointment_change as c on c.id = change, api.person_rights(c.person_id)', 'not yet');
select pg_temp.as_person(a) from who;
select is(api.decide_appointment(change, 'confirm'), 'confirmed') from who;
reset role;
select is(
  (select identity.role_of(c.person_id) from who join identity.appointment_change as c on c.id = change), 'auditor', 'now');
update identity.appointment as a set active_from = now() - interval '2 days', active_until = now() - interval '1 second'
from who join identity.appointment_change as c on c.id = change where a.person_id = c.person_id;
select is(
  (select identity.role_of(c.person_id) from who join identity.appointment_change as c on c.id = change), null, 'no longer than its term');

-- The tax service appoints its own.
select pg_temp.as_person(t) from who;
select throws_ok(format('select pg_temp.proposed(''end'', %s)', o), 'DZR01', null, 'and nobody else''s') from who;
select is((select count(distinct database_role) from api.official), 1::bigint, 'nor sees others');

-- The first are named at the command line, and no third.
reset role;
update identity.appointment as a set state = 'ended' from who where a.person_id = b;
select lives_ok($$select identity.appoint_first('supervisor', 'Н', 'N', 'О', 'O', '3456789014', 'order')$$);
select throws_ok($$select identity.appoint_first('supervisor', 'М', 'M', 'О', 'O', '3456789037', 'order')$$, 'DZW05');
select throws_ok($$select identity.appoint_first('officer', 'М', 'M', 'О', 'O', '3456789037', 'order')$$, 'DZR03');
