-- login: dozir_portal
select become('registrar');

create function pg_temp.of(p_licences text, p_equipment text default '', p_games text default '')
  returns jsonb language sql return format($$
  {"code": "TEST-IMPORT", "name_uk": "І", "name_en": "I", "taxpayer_code": "88888888",
   "active_from": "2026-01-01T00:00:00Z",
   "licences": [%s], "equipment": [%s], "games": [%s],
   "channels": [{"code": "W", "kind": "website", "name_uk": "С", "name_en": "S", "domain": "x.example",
     "active_from": "2026-01-01T00:00:00Z"}]}$$, p_licences, p_equipment, p_games)::jsonb;

create function pg_temp.licence(p_number text, p_type text, p_until text default '2030-01-01Z')
  returns text language sql return format(
  '{"number": "%s", "type": "%s", "valid_from": "2026-01-01Z", "valid_until": "%s"}',
  p_number, p_type, p_until);

select throws_ok(
  format('select api.import_operator(%L)', pg_temp.of(pg_temp.licence('I-1', 'dice'))), 'DZV03',
  'of unknown type or channel, or registered for another operator: licence I-1',
  'an unknown gambling type is refused');
select throws_ok(
  format('select api.import_operator(%L)', pg_temp.of(pg_temp.licence('B-ONLINE', 'bookmaker'))),
  'DZV03', null, 'and so is a licence of another operator');
select throws_ok(
  format('select api.import_operator(%L)', pg_temp.of('',
    '{"code": "M", "kind": "terminal", "channel": "NOWHERE", "serial_number": "1", "model": "m",
      "active_from": "2026-01-01Z"}')),
  'DZV03', null, 'and a machine in a place that is not there');
select throws_ok(
  format('select api.import_operator(%L)', pg_temp.of('', '',
    '{"code": "G", "title": "G", "provider": "p", "type": "dice", "active_from": "2026-01-01Z"}')),
  'DZV03', null, 'and a game of an unknown type');
select throws_ok(
  format('select api.import_operator(%L)', pg_temp.of(
    pg_temp.licence('I-1', 'bookmaker', '2025-01-01Z'))),
  '23514', null, 'and a licence that ends before it begins');
select is_empty(
  'select from api.operator where code = ''TEST-IMPORT''', 'nothing remains of what was refused');

select ok(
  api.import_operator(pg_temp.of(pg_temp.licence('I-1', 'bookmaker'))) > 0, 'a whole one is imported');
select is(
  (select api.import_operator(pg_temp.of(pg_temp.licence('I-2', 'lottery')))),
  (select id from api.operator where code = 'TEST-IMPORT'), 'again: the same operator');
select results_eq(
  'select number from api.licence where number like ''I-%'' order by 1', array['I-1', 'I-2'],
  'with what is new added');
