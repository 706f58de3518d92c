-- login: dozir_portal
create function pg_temp.machine(p_code text) returns integer language sql
return (select record_id from api.registry_list('equipment', jsonb_build_object('code', p_code)));
select become('operator', operator_id('TEST-ALPHA'));
select cannot(format('select api.unblock_equipment(%s, ''1'', ''x'')', pg_temp.machine('SLOT-2')),
  'an operator lifts no block');
select is(
  (select errors -> 0 ->> 'code' from api.check_change('equipment', 'amend', pg_temp.machine('SLOT-2'), null, '{"channel_id": null}')),
  'blocked', 'and moves no blocked machine');
select become('regulator');
select throws_ok('select api.block_equipment(999999, ''1'', ''x'')', 'DZR01', null, 'no such machine');
select throws_ok(format('select api.block_equipment(%s, ''1'', ''x'')', pg_temp.machine('SLOT-2')), 'DZW01', null, 'not twice');
select throws_ok(format('select api.block_equipment(%s, ''1'', ''x'')', pg_temp.machine('SLOT-RETIRED')), 'DZW01', null,
  'not what is retired');
select throws_ok(format('select api.block_equipment(%s, '''', ''x'')', pg_temp.machine('SLOT-1')), 'DZW04', null,
  'an order has a number');
select throws_ok(format('select api.unblock_equipment(%s, ''1'', ''x'')', pg_temp.machine('SLOT-1')), 'DZW01', null,
  'what is not blocked is not restored');
select lives_ok(format('select api.block_equipment(%s, ''Н-7'', ''ПЗ'')', pg_temp.machine('SLOT-1')), 'blocked');
select is((select state from api.registry_record('equipment', pg_temp.machine('SLOT-1'))), 'blocked', 'and says so');
select lives_ok(format('select api.unblock_equipment(%s, ''Н-8'', ''усунуто'')', pg_temp.machine('SLOT-2')), 'restored');
select results_eq(
  format('select order_number, lifting_order from api.equipment_block where equipment_id = %s', pg_temp.machine('SLOT-2')),
  $$values ('Н-1', 'Н-8')$$, 'both orders are kept');
