-- login: dozir_portal
-- The portal before it became anyone: sessions and keys, and nothing of the market.

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_read_only('role', 'notice_kind');
select can_call_only(
  'api.person_rights',
  'api.demo_identities', 'api.session_person', 'api.end_session', 'api.issue_challenge',
  'api.challenge', 'api.accept_login', 'api.signed_people', 'api.start_session',
  'api.apply_as_newcomer', 'api.own_number', 'api.own_people', 'api.switch_session',
  'api.own_sessions', 'api.end_own_sessions',
  'api.access_key_operator', 'api.count_requests', 'api.applied_migrations', 'api.operating_figures',
  'api.job_figures', 'api.batch_entries', 'api.last_verification', 'api.log_figures',
  'api.knows_export', 'api.claim_export', 'api.note_export', 'api.end_export', 'api.release_export',
  'api.kept_exports', 'api.note', 'api.event_entry', 'api.claim_subscription', 'api.end_delivery', 'api.take_notices_to_mail',
  'api.queue_mail', 'api.claim_mail', 'api.end_mail', 'api.mail_figures', 'api.confirm_contact',
  'api.stop_mail', 'api.stop_subscription'
);
select ok(
  not pg_has_role(current_user, r.name, 'usage'), format('inherits nothing from %s', r.name))
from unnest(array['operator', 'regulator', 'tax_service', 'registrar', 'auditor']) as r (name);

-- What it can: become one of five for a transaction, and know who asks.
select lives_ok(format('set local role %I', r.name), format('becomes %s', r.name))
from unnest(array['operator', 'regulator', 'tax_service', 'registrar', 'auditor']) as r (name);
reset role;
select isnt_empty('select from api.demo_identities()', 'the demo identities');
select throws_ok(
  $$select api.start_session(1, sha256('browser'), (select min(id) from api.demo_identities()),
    sha256('token'), 8, '', null)$$,
  'DZP04', null, 'opens no session without a signature');
select lives_ok(
  $$select api.issue_challenge('00000000-0000-4000-8000-000000000001', sha256('browser'), 'login',
    'http://portal.example', sha256('request'), 'sign this', now() + interval '5 minutes')$$,
  'gives a text out to be signed');
select is_empty(
  $$select from api.challenge('00000000-0000-4000-8000-000000000001', sha256('another'), 'login',
    'http://portal.example', true)$$, 'to one browser');
select is_empty(
  $$select from api.challenge('00000000-0000-4000-8000-000000000001', sha256('browser'), 'key_issue',
    'http://portal.example', true)$$, 'for one purpose');
select is_empty(
  $$select from api.challenge('00000000-0000-4000-8000-000000000001', sha256('browser'), 'login',
    'http://other.example', true)$$, 'at one address');
select throws_ok(
  $$select api.accept_login('00000000-0000-4000-8000-000000000001', sha256('another'),
    '{"signer": {}, "verdict": "valid"}', '', '', '{}')$$,
  'DZP04', null, 'and takes no answer of another browser');
select throws_ok(
  format($$select api.accept_login('00000000-0000-4000-8000-000000000001', sha256('browser'),
    %L, '', '', '{}')$$, jsonb_build_object(
      'signer', '{}'::jsonb, 'algorithm', '', 'verdict', 'indeterminate', 'verified_at', now(),
      'trust', '{"demonstration": true}'::jsonb)),
  '23514', null, 'nor one that is not valid');
create temporary table signed on commit drop as
select api.accept_login(
  '00000000-0000-4000-8000-000000000001', sha256('browser'), jsonb_build_object(
    'signer', jsonb_build_object('rnokpp', (select tax_number from api.demo_identities() limit 1)),
    'algorithm', 'ECDSA', 'verdict', 'valid', 'verified_at', now(),
    'trust', '{"demonstration": true}'::jsonb), '', '', '{}') as id;
select throws_ok(
  $$select api.accept_login('00000000-0000-4000-8000-000000000001', sha256('browser'),
    '{"signer": {}, "verdict": "valid"}', '', '', '{}')$$,
  'DZP04', null, 'a text counts once');
select throws_ok(
  $$select api.start_session((select id from signed), sha256('browser'),
    (select max(id) from api.demo_identities()), sha256('token'), 8, '', null)$$,
  'DZP01', null, 'whoever signed enters as nobody else');
select lives_ok(
  $$select api.start_session((select id from signed), sha256('browser'),
    (select id from api.demo_identities() limit 1), sha256('token'), 8, 'browser', '192.0.2.1')$$,
  'opens a session for whoever signed');
select throws_ok(
  $$select api.start_session((select id from signed), sha256('browser'),
    (select id from api.demo_identities() limit 1), sha256('second'), 8, '', null)$$,
  'DZP04', null, 'once');
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
select isnt_empty('select from api.log_figures()', 'how the log is');
select results_eq(
  $$select leaf_index is null, sha256(entry) from api.batch_entries(array[batch_of('TEST-ALPHA')])$$,
  $$values (true, entry_hash_of(batch_of('TEST-ALPHA')))$$, 'what the log has of a batch');
select lives_ok('select from api.last_verification()', 'how the last verification ended');
select throws_ok(
  format(
    $$select api.count_requests(array[date_bin('1 hour', now(), '2000-01-01Z')], '{0}', '{0}', array[%L], '{ok}',
      '{1}', '{0}')$$, e.name),
  '23514', null, format('counts no request to "%s"', e.name))
from unnest(array['', 'GET /x', repeat('a', 41)]) as e (name);
