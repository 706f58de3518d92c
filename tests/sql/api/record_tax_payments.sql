-- login: superuser
-- Paid taxes are recorded by a person of the tax service, all of a list or none, and never change.
create function pg_temp.as_official(p_person integer) returns text language sql volatile as $$
  select become('tax_service') || set_config('dozir.person_id', coalesce(p_person::text, ''), true)
    || set_config('dozir.actor', 'person ' || coalesce(p_person::text, ''), true)
$$;
create function pg_temp.one(p_document text, p_more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object(
    'taxpayer', o.taxpayer_code, 'kind', 'pit', 'month', '2026-02-01', 'paid_on', '2026-03-10',
    'amount_minor', 500, 'document', p_document) || p_more
  from api.operator as o where o.code = 'TEST-ALPHA'
$$;
create function pg_temp.faults(p_rows jsonb) returns jsonb language plpgsql as $$
declare told text;
begin
  perform api.record_tax_payments(p_rows);
  return null;
exception when sqlstate 'DZR03' then
  get stacked diagnostics told = pg_exception_detail;
  return told;
end
$$;
create temporary table had as
select min(id) as person, array[]::bigint[] as made from identity.person where role = 'tax_service';
grant all on had to public;

-- Nobody in particular records, and no other role.
select pg_temp.as_official(null);
select throws_ok('select api.record_tax_payments(jsonb_build_array(pg_temp.one(''N'')))', 'DZR02');
select throws_ok('select api.take_back_tax_payment(1, ''why'')', 'DZR02');
select become('regulator');
select cannot('select api.record_tax_payments(''[]'')');

-- No list, one that is too long, and one with errors: each is told its row, nothing is kept.
select pg_temp.as_official(person) from had;
select throws_ok('select api.record_tax_payments(null)', 'DZR04');
select throws_ok('select api.record_tax_payments(''[]'')', 'DZR04');
select throws_ok('select api.record_tax_payments(''{}'')', 'DZR04');
select throws_ok(
  'select api.record_tax_payments((select jsonb_agg(1) from generate_series(1, 1001)))', 'DZR04');
select is(
  pg_temp.faults(jsonb_build_array(
    pg_temp.one('A'), pg_temp.one('A'), pg_temp.one('B', '{"taxpayer": "0", "kind": "profit_tax"}'),
    pg_temp.one('C', '{"amount_minor": 0, "month": "2199-01-01", "paid_on": null}'))),
  '[{"row": 2, "code": "twice", "attribute": "document"},
    {"row": 3, "code": "unknown", "attribute": "taxpayer"}, {"row": 3, "code": "choice", "attribute": "kind"},
    {"row": 4, "code": "moment", "attribute": "month"}, {"row": 4, "code": "required", "attribute": "paid_on"},
    {"row": 4, "code": "range", "attribute": "amount"}]'::jsonb,
  'each fault by its row');
select is_empty('select from api.tax_payment where month = ''2026-02-01''', 'nothing of it is kept');

-- Recorded, taken back once, recorded anew.
update had set made = api.record_tax_payments(
  jsonb_build_array(pg_temp.one('A', '{"month": "2026-02-17"}'), pg_temp.one('B')));
select results_eq(
  'select month, document, amount_minor from api.tax_payment, had where id = any (made) order by id',
  $$values (date '2026-02-01', 'A', 500::bigint), (date '2026-02-01', 'B', 500::bigint)$$);
select throws_ok('select api.take_back_tax_payment(made[1], '' '') from had', 'DZR03');
select throws_ok('select api.take_back_tax_payment(0, ''why'')', 'DZR01');
select lives_ok('select api.take_back_tax_payment(made[1], ''why'') from had');
select throws_ok('select api.take_back_tax_payment(made[1], ''why'') from had', 'DZW01');
select is(
  (select taken_back_reason from api.tax_payment, had where id = made[1]), 'why', 'it stays, and says why');
select lives_ok('select api.record_tax_payments(jsonb_build_array(pg_temp.one(''A'')))');

-- An operator sees its own alone.
select become('operator', id) from api.operator where code = 'TEST-BETA';
select is_empty('select from api.tax_payment where month = ''2026-02-01''', 'nothing of another');
