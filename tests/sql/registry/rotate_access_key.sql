-- login: dozir_portal
select become('operator', operator_id('TEST-ALPHA'));
select throws_ok(format('select api.rotate_access_key(%s, ''aaaaaaaaaaaa'', sha256(''''), now() + interval ''1 day'')', key_of('TEST-BETA')),
  'DZK01', 'unknown access key or operator', 'another''s key is not rotated');
select throws_ok(format('select api.revoke_access_key(%s)', key_of('TEST-BETA')), 'DZK01', 'unknown access key or operator',
  'nor revoked');
select throws_ok('select api.revoke_access_key(999999)', 'DZK01', 'unknown access key or operator', 'as one that is not there');
select throws_ok(format('select api.restrict_access_key(%s, ''{read}'', null, null)', key_of('TEST-BETA')), 'DZK01', null,
  'nor restricted');
select throws_ok(format(
  'select api.create_access_key(%s, ''aaaaaaaaaaaa'', sha256(''''), ''k'', ''live'', ''{submit}'', false, null)', operator_id('TEST-BETA')),
  'DZK01', null, 'nor made for another');
select throws_ok(format('select api.rotate_access_key(%s, ''aaaaaaaaaaaa'', sha256(''''), now() + interval ''40 days'')', key_of('TEST-ALPHA')),
  'DZL01', null, 'an overlap has an end');
select ok(api.rotate_access_key(key_of('TEST-ALPHA'), 'aaaaaaaaaaaa', sha256(''), now() + interval '1 day') > 0, 'rotated');
select is((select expires_at from api.access_key where id = key_of('TEST-ALPHA')), now() + interval '1 day', 'the old key ends');
select results_eq(
  'select n.scopes, n.mode, n.rotated_from from api.access_key as n where key_id = ''aaaaaaaaaaaa''',
  format('select scopes, mode, id from api.access_key where id = %s', key_of('TEST-ALPHA')), 'the new one may as much');
select lives_ok(format('select api.restrict_access_key(%s, ''{read}'', ''{10.0.0.0/8}'', null)', key_of('TEST-ALPHA')), 'narrowed');
select throws_ok(format('select api.restrict_access_key(%s, ''{read,submit}'', null, null)', key_of('TEST-ALPHA')), 'DZL01', null,
  'never widened');
select throws_ok(format('select api.restrict_access_key(%s, null, ''{here}'', null)', key_of('TEST-ALPHA')), 'DZL01', null,
  'an address is one');
