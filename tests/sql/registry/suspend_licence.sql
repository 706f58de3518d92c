-- login: dozir_portal
create function pg_temp.licence(p_number text) returns integer language sql
return (select record_id from api.registry_list('licence', jsonb_build_object('number', p_number)));
create function pg_temp.state(p_number text) returns text language sql
return (select state from api.registry_list('licence', jsonb_build_object('number', p_number)));
select become('operator', operator_id('TEST-ALPHA'));
select cannot(format('select api.suspend_licence(%s, null, null, ''x'')', pg_temp.licence('A-ONLINE')),
  'an operator suspends nothing');
select become('tax_service');
select cannot(format('select api.revoke_licence(%s, ''x'')', pg_temp.licence('A-ONLINE')), 'nor does the tax service revoke');
select become('regulator');
select throws_ok('select api.suspend_licence(999999, null, null, ''x'')', 'DZR01', null, 'no such licence');
select throws_ok(format('select api.suspend_licence(%s, null, null, '' '')', pg_temp.licence('A-ONLINE')), 'DZW04', null,
  'grounds are needed');
select throws_ok(format('select api.suspend_licence(%s, now(), now() - interval ''1 day'', ''x'')', pg_temp.licence('A-ONLINE')),
  'DZR03', null, 'dates reversed');
select throws_ok(format('select api.resume_licence(%s, ''x'')', pg_temp.licence('A-ONLINE')), 'DZW01', null,
  'what is in force is not resumed');
select throws_ok(format('select api.suspend_licence(%s, null, null, ''x'')', pg_temp.licence('A-LOTTERY')), 'DZW01', null,
  'what has expired is not suspended');
select lives_ok(format('select api.suspend_licence(%s, null, null, ''борг'')', pg_temp.licence('A-ONLINE')), 'suspended');
select is(pg_temp.state('A-ONLINE'), 'suspended', 'and says so');
select throws_ok(format('select api.suspend_licence(%s, null, null, ''x'')', pg_temp.licence('A-ONLINE')), 'DZW01', null,
  'not twice');
select lives_ok(format('select api.resume_licence(%s, ''сплачено'')', pg_temp.licence('A-ONLINE')), 'resumed');
select lives_ok(format('select api.revoke_licence(%s, ''порушення'')', pg_temp.licence('A-POKER')), 'revoked');
select is(pg_temp.state('A-POKER'), 'revoked', 'and says so');
select throws_ok(format('select api.resume_licence(%s, ''x'')', pg_temp.licence('A-POKER')), 'DZW01', null, 'for good');
