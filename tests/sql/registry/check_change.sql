-- login: dozir_portal
-- Bad input of each kind is told by attribute.
select become('regulator');
create function pg_temp.codes(p_kind text, p_given jsonb, p_action text default 'create', p_id integer default null)
  returns text language sql
return (
  select string_agg((e ->> 'attribute') || ' ' || (e ->> 'code'), ', ' order by 1)
  from api.check_change(p_kind, p_action, p_id, operator_id('TEST-ALPHA'), p_given) as c,
    jsonb_array_elements(c.errors) as e
  where e ->> 'code' <> 'required');
select is(pg_temp.codes(kind, given), wanted, wanted)
from (values
  ('organiser', '{"taxpayer_code": "14360571"}'::jsonb, 'taxpayer_code edrpou'),
  ('organiser', '{"taxpayer_code": "1436057"}', 'taxpayer_code pattern'),
  ('organiser', '{"nonsense": 1}', 'nonsense unknown'),
  ('organiser', '{"name_uk": ["a"]}', 'name_uk type'),
  ('organiser', '{"name_uk": "a\u202eb"}', 'name_uk characters'),
  ('representative', '{"taxpayer_number": "3184710692"}', 'taxpayer_number rnokpp'),
  ('representative', '{"powers": ["everything"]}', 'powers choice'),
  ('representative', '{"email": "a@b"}', 'email email'),
  ('representative', '{"phone": "0501234567"}', 'phone phone'),
  ('venue', '{"region": "Kyiv"}', 'region choice'),
  ('venue', '{"latitude": "91"}', 'latitude range'),
  ('venue', '{"latitude": "north"}', 'latitude number'),
  ('venue', '{"active_from": "2026-02-30"}', 'active_from moment'),
  ('venue', '{"active_from": "0001-01-01"}', 'active_from moment'),
  ('equipment', '{"channel_id": 999999}', 'channel_id reference'),
  ('equipment', '{"software_sha256": "abc"}', 'software_sha256 pattern'),
  ('equipment', '{"state": "blocked"}', 'state not_editable'),
  ('licence', '{"licence_kind_id": "99"}', 'licence_kind_id choice'),
  ('mobile_application', '{"store_url": "javascript:alert(1)"}', 'store_url url')
) as v (kind, given, wanted);
select is(
  pg_temp.codes('licence', '{"number": "A-ONLINE", "licence_kind_id": 9, "valid_from": "2026-01-01", "valid_until": "2027-01-01"}'),
  'number taken', 'a number is taken');
select is(
  pg_temp.codes('licence', '{"number": "B-POKER", "licence_kind_id": 9, "valid_from": "2026-01-01", "valid_until": "2027-01-01"}'),
  'number taken', 'by another operator too');
select is(
  pg_temp.codes('licence', '{"number": "N-1", "licence_kind_id": 2, "valid_from": "2026-01-01", "valid_until": "2027-01-01"}'),
  'valid_from overlap', 'terms overlap');
select is(
  pg_temp.codes('licence', '{"number": "N-1", "licence_kind_id": 9, "valid_from": "2027-01-01", "valid_until": "2026-01-01"}'),
  'valid_until reversed', 'dates are reversed');
select is(
  pg_temp.codes('licence', '{"number": "N-1", "licence_kind_id": 9, "valid_from": "2027-01-01", "valid_until": "2037-01-01"}'),
  'valid_until term', 'a term is too long');
select is(
  (select errors from api.check_change('licence', 'create', null, operator_id('TEST-ALPHA'),
    '{"number": "N-1", "licence_kind_id": 8, "valid_from": "2027-01-01", "valid_until": "2030-01-01"}')),
  '[{"code": "required", "attribute": "equipment_id"}]', 'a licence of a machine names it');
select is(
  pg_temp.codes('venue', '{"code": "SITE-1", "name_uk": "a", "name_en": "a", "region": "UA-30", "address": "a", "active_from": "2026-01-01"}'),
  'code taken', 'codes of venues and websites are one list');
select is(
  (select proposed ->> 'address' from api.check_change('venue', 'create', null, operator_id('TEST-ALPHA'),
    '{"address": "=cmd|'' /C calc''!A1"}')),
  '=cmd|'' /C calc''!A1', 'what looks like a formula is a text; exports defuse it');
select is(
  (select proposed ->> 'active_from' from api.check_change('venue', 'create', null, operator_id('TEST-ALPHA'),
    '{"active_from": "2026-07-01"}')),
  '2026-06-30T21:00:00+00:00', 'a day begins at midnight in Kyiv');
