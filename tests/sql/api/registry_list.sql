-- login: dozir_portal
-- One page after another, forward and back, in every order: each record once, none of another's.
select become('regulator');
create function pg_temp.walk(p_sort text, p_descending boolean, p_kind text default 'game') returns integer[]
  language plpgsql as $$
declare page record; place text; seen integer[] := '{}'; got integer;
begin
  loop
    got := 0;
    for page in select * from api.registry_list(p_kind, '{}', '', p_sort, p_descending, place, false, 2) loop
      seen := seen || page.record_id; place := page.cursor; got := got + 1;
    end loop;
    exit when got = 0;
  end loop;
  return seen;
end $$;
select is(
  pg_temp.walk(s, d),
  array(select record_id from api.registry_list('game', '{}', '', s, d, null, false, 1000)),
  format('%s, descending: %s', s, d))
from unnest(array['title_uk', 'title_en', 'code', 'since', 'until']) as s, unnest(array[false, true]) as d;
select is(cardinality(pg_temp.walk('code', false)), (select count(*)::integer from api.game), 'all of them');
select results_eq(
  $$select record_id from api.registry_list('game', '{}', '', 'code', false,
      (select cursor from api.registry_list('game', '{}', '', 'code', false, null, false, 4) offset 3), true, 2)$$,
  $$select record_id from api.registry_list('game', '{}', '', 'code', false, null, false, 3) offset 1$$,
  'backward, in the list''s order');
select results_eq(
  $$select code from api.registry_list('licence', '{"state": ["suspended"]}')$$, array['B-POKER'], 'by state');
select results_eq(
  $$select distinct operator_id from api.registry_list('licence', jsonb_build_object('operator', operator_id('TEST-GAMMA')))$$,
  array[operator_id('TEST-GAMMA')], 'by operator');
select isnt_empty($$select from api.registry_list('venue', '{}', 'МІСЦЕ hall')$$, 'search folds case, words in any order');
select is_empty($$select from api.registry_list('venue', '{}', '%')$$, 'a wildcard is a character');
select is_empty($$select from api.registry_list('venue', '{}', ''' or true --')$$, 'and a quote is one');
select throws_ok($$select from api.registry_list('venue', '{"x'' or true": "1"}')$$, 'DZR04', null, 'unknown filter');
select throws_ok($$select from api.registry_list('venue', '{"operator": "1 or true"}')$$, 'DZR04', null, 'no number');
select throws_ok($$select from api.registry_list('representative', '{"taxpayer_number": "3184710691"}')$$, 'DZR04', null,
  'nobody filters by what is private');
select throws_ok($$select from api.registry_list('venue', '{}', '', 'operator_id')$$, 'DZR04', null, 'unknown order');
select throws_ok($$select from api.registry_list('none')$$, 'DZR04', null, 'unknown kind');
select throws_ok(format($$select from api.registry_list('venue', '{}', '', 'code', false, %L)$$, c), 'DZR04', null, 'cursor ' || c)
from unnest(array['x', '!', encode('[1]', 'base64'), encode('["a", "b"]', 'base64'), encode('{}', 'base64')]) as u (c);
select is_empty($$select from api.registry_list('venue', '{}', '', 'code', false, null, false, 50, '2020-01-01')$$,
  'as of a moment when nothing was registered');
select is(
  (select count(*) from api.registry_list('venue', '{}', '', 'code', false, null, false, 50, now())),
  (select count(*) from api.registry_list('venue')), 'as of now');
select become('tax_service');
select is_empty($$select from api.registry_record('representative', 1) where document ?| '{taxpayer_number,email}'$$,
  'the tax service reads no number of a person');
select is_empty($$select from api.registry_history where table_name = 'representative'$$, 'nor in history');
select become('auditor');
select isnt_empty($$select from api.registry_record('representative', 1) where document ? 'taxpayer_number'$$,
  'the auditor does');
select become('operator', operator_id('TEST-BETA'));
select is_empty(format($$select from api.registry_list(%L, jsonb_build_object('operator', operator_id('TEST-ALPHA')))$$, k.kind),
  k.kind || ': none of another operator')
from api.record_kind as k;
select is_empty($$select from api.registry_search('A-') where operator_id <> operator_id('TEST-BETA')$$, 'nor by search');
