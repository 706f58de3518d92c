-- login: dozir_portal
-- Someone who works for an operator: sees what is its own, through api, and nothing of anyone else.
select become('operator', operator_id('TEST-ALPHA'));

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(
  'api.names', 'api.object_names', 'api.watermark', 'api.stakes_and_winnings', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.transactions', 'api.refusals', 'api.live_arrivals', 'api.live_money',
  'api.access_keys', 'api.batches_after', 'api.registry_codes', 'api.tasks_today',
  'api.tasks_of_arrival', 'api.tasks_of_streams', 'api.tasks_of_money', 'api.tasks_of_registry',
  'api.access_keys_in_use',
  'api.fold', 'api.registry_conditions', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.operators_at_a_glance', 'api.access_key_use', 'api.check_change', 'api.save_change',
  'api.step_change', 'api.create_access_key', 'api.rotate_access_key', 'api.restrict_access_key',
  'api.revoke_access_key'
);

-- Views: rows of its own only, and of those that have any, all.
select is_empty(
  format('select from api.%I where %I is distinct from %s', v.name, v.owner, operator_id('TEST-ALPHA')),
  format('api.%s shows no row of another operator', v.name))
from own_views() as v;
select isnt_empty(format('select from api.%I', v.name), format('api.%s shows its own rows', v.name))
from own_views() as v;
select is(
  (select count(*) from api.transaction), transactions_of('TEST-ALPHA'),
  'it sees every transaction of its own');
select isnt_empty('select player from api.transaction_player', 'it sees its own players'' pseudonyms');
select isnt_empty('select from api.gambling_type', 'reference data: kinds of gambling');
select isnt_empty('select from api.currency', 'reference data: currencies');

-- Functions: the same rows, whatever is asked for.
select is_empty(
  format('select from api.batches(array[%s])', operator_id('TEST-BETA')),
  'asking for another operator''s batches gives none');
select is_empty(
  format('select from api.batches() where operator_id <> %s', operator_id('TEST-ALPHA')),
  'asking for all batches gives its own');
select isnt_empty('select from api.batches()', 'its own batches');
select is_empty(
  format('select from api.batch_detail(%s)', batch_of('TEST-BETA')), 'no detail of another''s batch');
select isnt_empty(
  format('select from api.batch_detail(%s)', batch_of('TEST-ALPHA')), 'detail of its own batch');
select is_empty(
  format('select from api.batch_transactions(%s)', batch_of('TEST-BETA')),
  'no transaction of another''s batch');
select isnt_empty(
  format('select from api.batch_transactions(%s)', batch_of('TEST-ALPHA')),
  'transactions of its own batch');
select is_empty(
  format(
    'select from api.transactions(now() - interval ''20 days'', now() + interval ''1 day'', array[%s])',
    operator_id('TEST-BETA')),
  'asking for another operator''s transactions gives none');
select results_eq(
  'select distinct operator_id from api.transactions(
     now() - interval ''20 days'', now() + interval ''1 day'', p_limit => 1000)',
  array[operator_id('TEST-ALPHA')],
  'asking for all transactions gives its own');
select results_eq(
  'select distinct operator_id from api.refusals()', array[operator_id('TEST-ALPHA')],
  'its own refusals only');
select results_eq(
  'select distinct operator_id from api.access_keys()', array[operator_id('TEST-ALPHA')],
  'its own access keys only');
select results_eq(
  'select id from api.names() where kind = ''operator''', array[operator_id('TEST-ALPHA')],
  'it learns no other operator''s name');
select is_empty(
  format('select from api.object_names(%1$L, %1$L, %1$L, %1$L)
          where (kind, id) not in (
            select ''licence'', id from api.licence union all select ''channel'', id from api.channel
            union all select ''equipment'', id from api.equipment
            union all select ''game'', id from api.game)', array(select generate_series(1, 1000))),
  'it learns no other operator''s objects');
select results_eq(
  'select key::integer from api.stakes_and_winnings(
     current_date - 20, current_date + 1, ''operator'')',
  array[operator_id('TEST-ALPHA')],
  'stakes and winnings of its own only');
select is_empty(
  format('select from api.stakes_and_winnings(
            current_date - 20, current_date + 1, ''operator'', array[%s])', operator_id('TEST-BETA')),
  'asking for another''s stakes and winnings gives none');
select is(api.registry_codes() ->> 'operator', 'TEST-ALPHA', 'its own codes');
select is_empty(
  'select from jsonb_array_elements(api.registry_codes() -> ''licences'') as l
   where l ->> ''number'' not like ''A-%''', 'and no other''s');
select is(
  (select count(*) from api.batches_after(0, 1000)), (select count(*) from api.batch),
  'what was received from it');

select isnt_empty('select from api.person', 'its own people have names');
select is_empty(
  format('select from api.person where operator_id is distinct from %s', operator_id('TEST-ALPHA')),
  'and no official or other operator''s person has');

-- A setting that names nobody, or nonsense, shows nothing.
select become('operator', null);
select is_empty(format('select from api.%I', v.name), format('unset: api.%s is empty', v.name))
from own_views() as v;
select is_empty('select from api.batches()', 'unset: no batches');
select is_empty('select from api.batches_after()', 'unset: nothing received');
select is_empty(
  'select from api.transactions(now() - interval ''20 days'', now() + interval ''1 day'')',
  'unset: no transactions');
select is_empty('select from api.names() where kind = ''operator''', 'unset: no operator');
select become('operator', 0);
select is_empty(format('select from api.%I', v.name), format('nobody: api.%s is empty', v.name))
from own_views() as v;
select set_config('dozir.operator_id', 'x or true', true);
select throws_ok('select from api.batch', '22P02', null, 'nonsense is an error, not everything');
