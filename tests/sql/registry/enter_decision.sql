-- login: superuser
-- Each decision enters the log once, with what was decided and by whom, and not when it is undone.
create function pg_temp.decided() returns setof jsonb language sql security definer as $$
  select tap.document(e.entry)::jsonb
  from ledger.entry as e where e.kind = 4 and e.entered_at = transaction_timestamp() order by e.id
$$;
create function pg_temp.tried(p_statement text) returns text language plpgsql as $$
begin
  execute p_statement;
  raise exception using errcode = 'DZT00', message = 'undone';
exception when sqlstate 'DZT00' then
  return 'undone';
end $$;
create temporary table made (change bigint, act text, licence integer, machine integer, key integer);
grant all on made to public;
insert into made (licence, machine, key) select
  (select id from registry.licence where number = 'A-ONLINE'),
  (select id from registry.equipment where code = 'SLOT-1' and operator_id = operator_id('TEST-ALPHA')),
  key_of('TEST-ALPHA');
select set_config('dozir.actor', 'person 77', true);
select become('regulator');
select is(pg_temp.tried(format('select api.suspend_licence(%s, null, null, ''Іван Франко'')', licence)), 'undone', 'undone')
from made;
select is_empty('select pg_temp.decided()', 'what was undone is not in the log');
select throws_ok(format('select api.suspend_licence(%s, now() - interval ''1 day'', null, ''x'')', licence), 'DZR03') from made;
select throws_ok(format('select api.resume_licence(%s, ''x'')', licence), 'DZW01') from made;
select is_empty('select pg_temp.decided()', 'nor what was refused');
select lives_ok(format('select api.suspend_licence(%s, null, null, ''Іван Франко'')', licence)) from made;
select lives_ok(format('select api.resume_licence(%s, ''x'')', licence)) from made;
select lives_ok(format('select api.suspend_licence(%s, now() + interval ''9 days'', null, ''x'')', l.id))
from api.licence as l where l.number = 'A-CASINO';
select lives_ok(format('select api.withdraw_suspension(%s, ''Іван Франко'')', max(s.id))) from api.licence_suspension as s;
select lives_ok(format('select api.revoke_licence(%s, ''x'')', licence)) from made;
select lives_ok('select api.set_licence_fee(9::smallint, 100, 980::smallint, ''2031-01-01'', ''Закон'')');
select lives_ok(format('select api.block_equipment(%s, ''Н-9'', ''x'')', machine)) from made;
select lives_ok(format('select api.unblock_equipment(%s, ''Н-10'', ''x'')', machine)) from made;
select become('registrar');
create function pg_temp.document(p_licences text) returns jsonb language sql return format($${
  "code": "TEST-ENTERED", "name_uk": "І", "name_en": "I", "taxpayer_code": "77777777", "active_from": "2026-01-01Z",
  "licences": [%s], "channels": [], "equipment": [], "games": [], "representatives": [{
    "code": "R", "name_uk": "Іван Франко", "name_en": "Ivan Franko", "position": "П", "powers": ["sign"],
    "taxpayer_number": "3184710691", "active_from": "2026-01-01Z"}]}$$, p_licences)::jsonb;
select lives_ok(format('select api.import_operator(%L)', pg_temp.document('')));
select lives_ok(format('select api.import_operator(%L)', pg_temp.document('')), 'again: nothing is new');
select lives_ok(format('select api.import_operator(%L)', pg_temp.document(
  '{"number": "E-1", "type": "lottery", "valid_from": "2026-01-01Z", "valid_until": "2030-01-01Z"}')));
select become('operator', operator_id('TEST-ALPHA'));
select lives_ok(format('select api.create_access_key(%s, ''aaaaaaaaaaaa'', sha256(''''), ''k'', ''live'', ''{submit}'', false, null)',
  operator_id('TEST-ALPHA')));
select lives_ok(format('select api.rotate_access_key(%s, ''bbbbbbbbbbbb'', sha256(''''), now() + interval ''1 day'')', key)) from made;
select lives_ok(format('select api.restrict_access_key(%s, ''{read}'', null, null)', key)) from made;
select lives_ok(format('select api.revoke_access_key(%s)', key)) from made;
select lives_ok(format('select api.revoke_access_key(%s)', key), 'again: it is revoked already') from made;
-- A change: proposing, taking and returning decide nothing yet; approval and refusal do.
update made set change = c.id from api.save_change(null, 'representative', 'create', null, null,
  '{"code": "R-9", "name_uk": "Іван Франко", "name_en": "Ivan Franko", "position": "П", "powers": ["sign"],
    "taxpayer_number": "3184710691", "active_from": "2026-01-01"}') as c;
select lives_ok(format('select api.step_change(%s, ''submit'')', change)) from made;
select become('regulator');
select lives_ok(format('select api.step_change(%s, ''take'')', change)) from made;
select lives_ok(format('select api.step_change(%s, ''approve'')', change)) from made;
update made set change = c.id from api.save_change(null, 'venue', 'create', null, operator_id('TEST-ALPHA'),
  '{"code": "HALL-8", "name_uk": "З", "name_en": "H", "region": "UA-30", "address": "-", "active_from": "2026-01-01"}') as c;
select lives_ok(format('select api.step_change(%s, ''enter'', ''лист'')', change)) from made;
select become('operator', operator_id('TEST-ALPHA'));
update made set change = c.id from api.save_change(null, 'brand', 'create', null, null,
  '{"code": "B", "name_uk": "З", "name_en": "H", "active_from": "2026-01-01"}') as c;
select lives_ok(format('select api.step_change(%s, ''submit'')', change)) from made;
select become('regulator');
select lives_ok(format('select api.step_change(%s, ''take'')', change)) from made;
select lives_ok(format('select api.step_change(%s, ''refuse'', ''ні'')', change)) from made;
reset role;
select results_eq(
  $$select d ->> 'decision', d ->> 'role' from pg_temp.decided() as d$$,
  $$values ('licence_suspended', 'regulator'), ('licence_resumed', 'regulator'), ('licence_suspended', 'regulator'),
    ('suspension_withdrawn', 'regulator'), ('licence_revoked', 'regulator'), ('licence_fee_set', 'regulator'),
    ('equipment_blocked', 'regulator'), ('equipment_unblocked', 'regulator'),
    ('operator_imported', 'registrar'), ('operator_imported', 'registrar'), ('key_created', 'operator'),
    ('key_created', 'operator'), ('key_restricted', 'operator'), ('key_revoked', 'operator'),
    ('change_approved', 'regulator'), ('change_approved', 'regulator'), ('change_refused', 'regulator')$$,
  'each once, in order');
select is_empty($$select d from pg_temp.decided() as d where d ->> 'actor' is distinct from 'person 77'
  or (d ->> 'decided_at')::timestamptz <> now()$$, 'by whom, and when');
select is_empty($$select d from pg_temp.decided() as d where d::text ~ 'Франко|Franko|3184710691'$$,
  'and nothing that names a person');
select is(
  (select d ->> 'proposed_sha256' from pg_temp.decided() as d where d ->> 'kind' = 'brand'),
  (select encode(sha256(convert_to(c.salt || ' ' || c.proposed, 'UTF8')), 'hex') from registry.change as c, made as m
    where c.id = m.change), 'a change is committed to by its salted hash');
select is(
  (select (d ->> 'record_version')::integer from pg_temp.decided() as d where d ->> 'kind' = 'representative'), 1,
  'with the version that it made');
select is(
  (select d ->> 'order' from pg_temp.decided() as d where d ->> 'decision' = 'equipment_blocked'), 'Н-9', 'an order by its number');
select results_eq(
  $$select d -> 'added', d ->> 'document_sha256' from pg_temp.decided() as d where d ->> 'decision' = 'operator_imported'$$,
  $$select a.added::jsonb, registry.text_hash((pg_temp.document(a.licences) - 'representatives')::text)
    from (values ('{"organisers": 1, "representatives": 1}', ''),
      ('{"licences": 1}', '{"number": "E-1", "type": "lottery", "valid_from": "2026-01-01Z", "valid_until": "2030-01-01Z"}'))
      as a (added, licences)$$, 'an import by what it added');
