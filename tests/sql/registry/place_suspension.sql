-- login: dozir_portal
create function pg_temp.licence(p_number text) returns integer language sql
return (select record_id from api.registry_list('licence', jsonb_build_object('number', p_number)));
create function pg_temp.refusal(p_number text, p_from timestamptz, p_until timestamptz) returns text language plpgsql as $$
declare told text;
begin
  perform api.suspend_licence(pg_temp.licence(p_number), p_from, p_until, 'борг');
  return 'suspended';
exception when sqlstate 'DZR03' then
  get stacked diagnostics told = pg_exception_detail;
  return (select string_agg((e ->> 'attribute') || ' ' || (e ->> 'code'), ', ')
    from jsonb_array_elements(told::jsonb) as e);
end $$;
select become('regulator');
select is(pg_temp.refusal('A-ONLINE', now() - interval '2 minutes', null), 'from past', 'nothing is suspended from before');
select is(pg_temp.refusal('A-ONLINE', now() - interval '1 day', now() - interval '2 days'), 'from past, until reversed',
  'every wrong field is told');
select is(pg_temp.refusal('A-ONLINE', now() + interval '9 years', null), 'from term', 'nor from after its end');
select is(pg_temp.refusal('A-ONLINE', now() + interval '10 days', now() + interval '20 days'), 'suspended', 'later on it is');
select is(pg_temp.refusal('A-ONLINE', null, null), 'until overlap', 'one that begins sooner ends before it');
select is(pg_temp.refusal('A-ONLINE', now() + interval '15 days', now() + interval '16 days'), 'from overlap', 'none within');
select is(pg_temp.refusal('A-ONLINE', now() + interval '19 days', null), 'from overlap', 'none that begins within');
select is(pg_temp.refusal('A-ONLINE', now() + interval '20 days', null), 'suspended', 'one that follows');
select is(pg_temp.refusal('A-ONLINE', now() - interval '30 seconds', now() + interval '10 days'), 'suspended',
  'the minute that a clock shows is now');
select is(
  (select suspended_from from api.licence_suspension where licence_id = pg_temp.licence('A-ONLINE') order by 1 limit 1),
  now(), 'and not before');
-- By import too.
select become('registrar');
select throws_ok(
  $$select api.import_operator('{"code": "TEST-TWICE", "name_uk": "Т", "name_en": "T", "taxpayer_code": "88888889",
    "active_from": "2026-01-01Z", "channels": [], "equipment": [], "games": [], "licences": [{"number": "T-1",
    "type": "bookmaker", "valid_from": "2026-01-01Z", "valid_until": "2030-01-01Z", "suspensions": [
      {"from": "2026-02-01Z", "until": "2026-04-01Z", "grounds": "x"},
      {"from": "2026-03-01Z", "grounds": "y"}]}]}')$$, 'DZR03', null, 'an import suspends nothing twice');
