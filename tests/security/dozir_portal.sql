-- login: dozir_portal
-- The portal before it became anyone: sessions and keys, and nothing of the market.

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_read_only();
select can_call_only(
  'api.demo_identities', 'api.start_demo_session', 'api.session_person', 'api.end_session',
  'api.access_key_operator', 'api.applied_migrations', 'api.operating_figures',
  'api.job_figures'
);
select ok(
  not pg_has_role(current_user, r.name, 'usage'), format('inherits nothing from %s', r.name))
from unnest(array['operator', 'regulator', 'tax_service', 'registrar', 'auditor']) as r (name);

-- What it can: become one of five for a transaction, and know who asks.
select lives_ok(format('set local role %I', r.name), format('becomes %s', r.name))
from unnest(array['operator', 'regulator', 'tax_service', 'registrar', 'auditor']) as r (name);
reset role;
select isnt_empty('select from api.demo_identities()', 'the demo identities');
select lives_ok(
  $$select api.start_demo_session((select min(id) from api.demo_identities()), sha256('token'), 8)$$,
  'opens a session');
select results_eq(
  $$select role from api.session_person(sha256('token'), 30, true)$$, array['regulator'],
  'knows whose it is');
select is_empty(
  $$select from api.session_person(sha256('another token'), 30, true)$$, 'and of no other');
select lives_ok($$select api.end_session(sha256('token'))$$, 'ends it');
select is_empty($$select from api.session_person(sha256('token'), 30, true)$$, 'at once');
select is(
  api.access_key_operator(key_of('TEST-BETA'), 'submit'), operator_id('TEST-BETA'),
  'knows whom a key acts for');
select throws_ok(
  'select api.access_key_operator(0, ''submit'')', 'DZK01', null, 'and that a key is unknown');
select isnt_empty('select from api.applied_migrations()', 'which migrations there were');
select isnt_empty('select from api.operating_figures()', 'how the server is');
select isnt_empty('select from api.job_figures()', 'how recurring work is');
