-- login: superuser
create function pg_temp.decided() returns setof jsonb language sql security definer as $$
  select substr(convert_from(substr(e.entry, position('{"'::bytea in e.entry)), 'UTF8'), 1)::jsonb
  from ledger.entry as e where e.kind = 4 and e.operator_id = 0 and e.entered_at = transaction_timestamp() order by e.id
$$;
create temporary table made (fee integer, bare integer);
grant all on made to public;
select set_config('dozir.actor', 'person 77', true);
select become('operator', operator_id('TEST-ALPHA'));
select cannot('select api.set_licence_fee(9::smallint, 100, 980::smallint, ''2031-01-01'', ''Закон'')', 'an operator sets no fee');
select become('tax_service');
select cannot('select api.set_licence_fee(9::smallint, 100, 980::smallint, ''2031-01-01'', ''Закон'')', 'nor does the tax service');
select cannot('select api.verify_licence_fee(1, ''ВВР'')', 'which verifies none either');
select become('regulator');
select throws_ok('select api.set_licence_fee(9::smallint, 100, 980::smallint, ''2031-01-01'', '' '', ''ВВР'')', 'DZW04', null,
  'a fee names its act');
insert into made (fee, bare) select
  api.set_licence_fee(9::smallint, 100, 980::smallint, '2031-01-01', 'Закон', ' ВВР, 2031, № 1 '),
  api.set_licence_fee(10::smallint, 200, 980::smallint, '2031-01-01', 'Закон');
select throws_ok('select api.set_licence_fee(9::smallint, 5, 980::smallint, ''2031-01-01'', ''Закон'')', 'DZR03', null, 'one a day');
select results_eq(
  'select f.source, f.set_by, f.verified_by from api.licence_fee as f join made as m on f.id in (m.fee, m.bare) order by f.id',
  $$values ('ВВР, 2031, № 1', 'person 77', null::text), (null, 'person 77', null)$$, 'nobody has compared it yet');
select throws_ok((select format('select api.verify_licence_fee(%s, ''ВВР'')', fee) from made), 'DZW01', null,
  'not by who entered it');
select set_config('dozir.actor', 'person 78', true);
select throws_ok((select format('select api.verify_licence_fee(%s, '' '')', fee) from made), 'DZW04', null, 'with a source');
select throws_ok('select api.verify_licence_fee(999999, ''ВВР'')', 'DZR01', null, 'no such fee');
select lives_ok((select format('select api.verify_licence_fee(%s, ''Офіційний вісник № 3'')', bare) from made), 'by another it is');
select throws_ok((select format('select api.verify_licence_fee(%s, ''x'')', bare) from made), 'DZW01', null, 'once');
select results_eq(
  'select f.source, f.verified_by, f.verified_at, f.amount_minor from api.licence_fee as f join made as m on f.id = m.bare',
  $$values ('Офіційний вісник № 3', 'person 78', now(), 200::bigint)$$, 'and says where it is written');
reset role;
select throws_ok(
  (select format('update registry.licence_fee set verified_by = set_by, verified_at = now() where id = %s', fee) from made),
  '23514', null, 'past the functions neither');
select results_eq(
  $$select d ->> 'decision', d ->> 'actor', (d ->> 'amount_minor')::bigint, d ->> 'source_sha256' from pg_temp.decided() as d$$,
  $$values ('licence_fee_set', 'person 77', 100::bigint, registry.text_hash('ВВР, 2031, № 1')),
    ('licence_fee_set', 'person 77', 200, null),
    ('licence_fee_verified', 'person 78', 200, registry.text_hash('Офіційний вісник № 3'))$$,
  'each decision is in the log, and no operator''s');
