-- login: superuser
-- What is to be signed and is not stands for no longer than its transaction, whoever the portal says acts.
-- (Asked at the end of each statement here, as this transaction never commits.)
set constraints all immediate;
-- Signatures as the portal keeps them: of one act, on one record, by one person.
create temporary table official as
select p.id from identity.person as p where p.role = 'regulator' order by p.id limit 1;
create function pg_temp.sign(p_purpose text, p_object text, p_id text) returns void language sql as $$
  insert into identity.signature (
    challenge_id, browser_sha256, purpose, person_id, object, object_id, content, content_sha256, cms, certificate, chain,
    signer, algorithm, verdict, verified_at, trust)
  select gen_random_uuid(), sha256(''), p_purpose, o.id, p_object, p_id, 'x', sha256('x'), 'x', 'x', '{}', '{}', 'x', 'valid',
    now(), '{}'
  from official as o
$$;
select pg_temp.sign('licence_revoke', 'licence', l.id::text) from registry.licence as l where l.number = 'A-ONLINE';
select pg_temp.sign('licence_suspend', 'licence', l.id::text) from registry.licence as l where l.number = 'A-POKER';
create temporary table person as select id::text from official;
grant select on person to public;
set session authorization dozir_portal;
create function pg_temp.licence(p_number text default 'A-ONLINE') returns integer language sql as $$
  select id from api.licence where number = p_number
$$;
create function pg_temp.machine(p_code text) returns integer language sql as $$
  select id from api.equipment where code = p_code and operator_id = operator_id('TEST-ALPHA')
$$;
create temporary table change (id bigint, person integer);
grant all on change to public;
create function pg_temp.unsigned(p_statement text, p_what text) returns text language sql as $$
  select throws_ok(p_statement, 'DZP05', 'this act is to be signed', p_what)
$$;

select become('regulator');
select pg_temp.unsigned(format('select api.suspend_licence(%s, null, null, ''x'')', pg_temp.licence()), 'a licence is suspended');
select pg_temp.unsigned(format('select api.revoke_licence(%s, ''x'')', pg_temp.licence()), 'a licence is revoked');
select pg_temp.unsigned(format('select api.block_equipment(%s, ''1'', ''x'')', pg_temp.machine('SLOT-1')), 'equipment is blocked');
select pg_temp.unsigned(format('select api.unblock_equipment(%s, ''1'', ''x'')', pg_temp.machine('SLOT-2')), 'equipment is unblocked');
select become('registrar');
select pg_temp.unsigned(format(
  'select api.create_access_key(%s, ''dddddddddddd'', sha256(''''), ''k'', ''live'', ''{submit}'', false, null)',
  operator_id('TEST-ALPHA')), 'a key is issued');
select pg_temp.unsigned(format('select api.revoke_access_key(%s)', key_of('TEST-ALPHA')), 'a key is revoked');
select pg_temp.unsigned(format(
  'select api.rotate_access_key(%s, ''eeeeeeeeeeee'', sha256(''''), now() + interval ''1 day'')', key_of('TEST-ALPHA')),
  'a key is replaced');
select pg_temp.unsigned(
  $$select api.import_operator('{"code": "UNSIGNED", "name_uk": "І", "name_en": "I", "taxpayer_code": "77777777",
    "active_from": "2026-01-01Z", "licences": [], "channels": [], "equipment": [], "games": []}')$$,
  'an operator is imported');

-- A change: steps that decide nothing are not signed.
select become('operator', operator_id('TEST-ALPHA'));
insert into change (id) select id from api.save_change(null, 'venue', 'create', null, null,
  '{"code": "HALL-7", "name_uk": "З", "name_en": "H", "region": "UA-30", "address": "-", "active_from": "2026-01-01"}');
select lives_ok(format('select api.step_change(%s, ''submit'')', id), 'submitted') from change;
select become('regulator');
select lives_ok(format('select api.step_change(%s, ''take'')', id), 'taken') from change;
select pg_temp.unsigned(format('select api.step_change(%s, ''approve'')', id), 'a change is approved') from change;
select pg_temp.unsigned(format('select api.step_change(%s, ''refuse'', ''ні'')', id), 'a change is refused') from change;
select pg_temp.unsigned(
  $$select api.step_change(c.id, 'enter', 'лист') from api.save_change(null, 'venue', 'create', null, operator_id('TEST-ALPHA'),
    '{"code": "HALL-6", "name_uk": "З", "name_en": "H", "region": "UA-30", "address": "-", "active_from": "2026-01-01"}') as c$$,
  'a record is entered');

-- Whose signature it is counts, and what it is of.
reset role;
select set_config('dozir.person_id', id, true) from person;
select become('regulator');
select pg_temp.unsigned(format('select api.revoke_licence(%s, ''x'')', pg_temp.licence('A-POKER')), 'signed as another act');
select pg_temp.unsigned(format('select api.revoke_licence(%s, ''x'')', pg_temp.licence('A-CASINO')), 'signed for another licence');
select lives_ok(format('select api.revoke_licence(%s, ''x'')', pg_temp.licence()), 'signed');
select lives_ok(format('select api.suspend_licence(%s, now() + interval ''1 day'', null, ''x'')', pg_temp.licence('A-POKER')),
  'a suspension to come, signed');
select pg_temp.unsigned((select format('select api.withdraw_suspension(%s, ''x'')', max(s.id)) from api.licence_suspension as s
  where s.licence_id = pg_temp.licence('A-POKER')), 'the planned suspension is taken back');
