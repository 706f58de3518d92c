-- login: dozir_portal
select become('operator', operator_id('TEST-ALPHA'));
select results_eq(
  'select operator_sequence from api.batches_after(0, 1000)',
  'select generate_series(1, (select count(*) from api.batch))',
  'from the first, in order, without a gap');
select results_eq(
  'select operator_sequence from api.batches_after(2, 1)', array[3::bigint], 'one after the second');
select is_empty('select from api.batches_after(1000000)', 'none after the last');
select is_empty(
  'select from api.batches_after(0, 1000) as a join api.batch as b on b.id = a.id
   where a.receipt <> b.receipt',
  'with the receipt as it was answered');
