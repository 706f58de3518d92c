-- login: dozir_portal
-- A domain that looks like another operator's is no way in, whichever door it takes.
select become('operator', operator_id('TEST-ALPHA'));
create function pg_temp.errors_of(p_domain text) returns jsonb language sql return (
  select errors from api.check_change('website', 'create', null, null, jsonb_build_object(
    'code', 'NEW', 'name_uk', 'С', 'name_en', 'S', 'active_from', '2026-01-01', 'domain', p_domain)));
select is(pg_temp.errors_of('new-site.example'), '[]', 'a free domain');
select is(pg_temp.errors_of('NEW-site.Example'), '[]', 'case is no difference');
select is(pg_temp.errors_of(d) -> 0 ->> 'code', 'domain', d)
from unnest(array['new-site.example.', 'https://new.example', 'новий.example', 'xn--zzzz.example', 'a b.example'])
as u (d);
-- beta registers a site; alpha tries its like.
select become('registrar');
select lives_ok(format(
  $$select api.step_change(id, 'enter', 'r') from api.save_change(null, 'website', 'create', null, %s,
    '{"code": "LIKE", "name_uk": "С", "name_en": "S", "active_from": "2026-01-01", "domain": "coco.example"}')$$,
  operator_id('TEST-BETA')), 'coco.example is registered');
select become('operator', operator_id('TEST-ALPHA'));
select is(pg_temp.errors_of('coco.example') -> 0 ->> 'code', 'claimed', 'the same');
select is(pg_temp.errors_of('c0c0.example') -> 0 ->> 'code', 'claimed', 'with digits for letters');
select is(pg_temp.errors_of('xn--n1aahb.example') -> 0 ->> 'code', 'claimed', 'with Cyrillic letters');
