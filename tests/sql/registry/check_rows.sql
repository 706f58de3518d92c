-- login: dozir_portal
-- Rows of a change that proposes many: checked by portions, by the rules of the single form, and for each other.
select become('operator', operator_id('TEST-ALPHA'));
create temp table begun as select * from api.begin_rows('brand', null, 'brands.csv', '[
  {"row": 2, "proposed": {"code": "R-1", "name_uk": "А", "name_en": "A", "active_from": "2026-01-01"}},
  {"row": 3, "proposed": {"code": "R-1", "name_uk": "Б", "name_en": "B", "active_from": "2026-01-01"}},
  {"row": 5, "proposed": {"code": "R-2", "name_uk": "В", "active_from": "soon"}}]');
select is((select state from begun), 'draft', 'a draft');
select is(api.check_rows((select id from begun), 2), 1, 'one is left');
select is(api.check_rows((select id from begun), 2), 0, 'none is left');
select results_eq(
  $$select r.row_number, (e ->> 'attribute') || ' ' || (e ->> 'code')
    from api.change_row as r cross join lateral jsonb_array_elements(r.errors) as e
    where r.change_id = (select id from begun) order by 1, 2$$,
  $$values (3, 'code repeated'), (5, 'active_from moment'), (5, 'name_en required')$$,
  'every problem by its row');
select throws_ok(
  $$select api.step_change((select id from begun), 'submit')$$, 'DZR03', null, 'not submitted with errors');
select throws_ok(
  $$select api.save_change((select id from begun), null, null, null, null, '{"records": 1}')$$, 'DZR04', null,
  'what its rows are is never written over');
select throws_ok(
  $$select api.begin_rows('brand', null, 'x', '[]')$$, 'DZR04', null, 'no rows');
select throws_ok(
  $$select api.begin_rows('representative', null, 'x', '[{"row": 1, "proposed": {}}]')$$, 'DZR04', null,
  'not of every kind');
select throws_ok(
  $$select api.begin_rows('brand', null, 'x', '[{"row": 1, "proposed": {}}, {"row": 1, "proposed": {}}]')$$,
  'DZR04', null, 'a row twice');
grant select on begun to public;
select become('operator', operator_id('TEST-BETA'));
select is_empty('select from api.change_row', 'another operator sees no row');
select throws_ok($$select api.check_rows((select id from begun), 9)$$, 'DZR01', null, 'nor checks any');
select become('regulator');
select is_empty(
  'select from api.change_row where change_id = (select id from begun)', 'an official sees no row of a draft');
select become('tax_service');
select throws_ok('select from api.change_row', '42501');
