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
select throws_ok(format(
  'select api.create_access_key(%s, ''cccccccccccc'', sha256(''''), ''k'', ''live'', ''{submit}'', false, null, %L)',
  operator_id('TEST-ALPHA'), a.given), 'DZL01', null, 'no key for ' || a.name)
from (values ('{here}'::text[], 'a place that is no network'), ('{10.0.0.1/8}', 'a network with a host''s bits'),
  (array(select '10.0.0.' || n from generate_series(1, 51) as n), 'too many networks')) as a (given, name);
select ok(api.create_access_key(operator_id('TEST-ALPHA'), 'cccccccccccc', sha256(''), 'k', 'live', '{submit}', false, null,
  '{10.0.0.0/8,2001:db8::1}') > 0, 'a key is made with its networks');
select is((select allowed_addresses from api.access_key where key_id = 'cccccccccccc'), '{10.0.0.0/8,2001:db8::1/128}'::cidr[],
  'and bound to them');
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
