-- login: superuser
-- States of a key: by its mode while it works; revocation goes before expiry.
select results_eq(
  format($$select s.state, s.state_until from registry.record_state('access_key', %L, now() - interval '9 days', %L, now()) as s$$,
    k.document, k.until),
  format('values (%L, %L::timestamptz)', k.state, k.lasts), k.state || ', ' || k.until)
from (values
  ('{"mode": "live"}', 'infinity'::timestamptz, 'live', 'infinity'::timestamptz),
  ('{"mode": "test"}', now() + interval '1 hour', 'test', now() + interval '1 hour'),
  ('{"mode": "live"}', now(), 'expired', 'infinity'),
  ('{"mode": "test", "revoked_at": "2026-01-01T00:00:00+00:00"}', 'infinity', 'revoked', 'infinity'),
  ('{"mode": "live", "revoked_at": "2999-01-01T00:00:00+00:00"}', now(), 'revoked', 'infinity')
) as k (document, until, state, lasts);

-- What is written of a key is in its register in the same transaction, each time a version or written over.
create temporary table made as
select k.id from (
  select registry.create_access_key(operator_id('TEST-ALPHA'), 'KeyState0001', sha256('x'), 'Ключ', 'test', '{submit}', false, null) as id
) as k;
select results_eq(
  'select state, code, title_uk, facet_a, document -> ''scopes'' from api.entry where kind = ''access_key'' and record_id = (select id from made)',
  $$values ('test', 'KeyState0001', 'Ключ'::text collate "uk-x-icu", 'test', '["submit"]'::jsonb)$$, 'made');
select registry.restrict_access_key((select id from made), null, '{203.0.113.0/24}', null);
select is(
  (select document -> 'allowed_addresses' from api.entry where kind = 'access_key' and record_id = (select id from made)),
  '["203.0.113.0/24"]', 'restricted');
select registry.revoke_access_key((select id from made));
select is(
  (select state from api.entry where kind = 'access_key' and record_id = (select id from made) and recorded_until = 'infinity'),
  'revoked', 'revoked');
select is(
  (select sum(record_count) from registry.entry_count where kind = 'access_key' and state = 'test'
    and operator_id = operator_id('TEST-ALPHA')),
  (select count(*)::numeric from registry.entry where kind = 'access_key' and state = 'test'
    and operator_id = operator_id('TEST-ALPHA') and recorded_until = 'infinity'), 'and counted');
select throws_ok(
  $$insert into registry.attribute (kind, name, position, data_type, label_uk, label_en)
    values ('access_key', 'secret_hmac', 20, 'text', 'x', 'x')$$, '23514', null,
  'the catalogue takes no attribute that shows what a secret could be tried against');
