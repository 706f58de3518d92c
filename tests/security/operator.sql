-- login: dozir_portal
-- Someone who works for an operator: sees what is its own, through api, and nothing of anyone else.
select become('operator', operator_id('TEST-ALPHA'));

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(variadic array[
  'api.games_counted_until', 'api.equipment_played', 'api.lag_quantiles', 'api.minute_rows', 'api.missing_numbers',
  'api.integration',
  'api.set_portal_role', 'identity.may',
  'api.keep_signature',
  'api.read_notice', 'api.read_notices', 'api.set_notice', 'api.set_contact', 'api.save_subscription',
  'api.pause_subscription', 'api.stop_subscription', 'api.queue_mail', 'api.arrange_dashboard',
  'api.morning_money', 'api.morning_arrivals',
  'api.tax_estimate', 'api.tax_parts', 'api.tax_sums', 'api.tax_kind_key', 'api.declared_and_observed', 'api.declaration_states', 'api.declared_months', 'api.settlement_bridge', 'api.open_bet_rows', 'api.open_bet_records',
  'api.note', 'api.note_view', 'api.record_export', 'api.request_export', 'api.cancel_export', 'api.see_export', 'api.save_view', 'api.rename_view', 'api.remove_view',
  'api.declare_day', 'api.declare_month',
  'api.checkpoints',
  'api.player_activity', 'api.account_cohorts',
  'api.percent', 'api.ggr', 'api.rtp_percent', 'api.log_evidence', 'api.log_half_evidence', 'api.hold_percent', 'api.average', 'api.change_percent', 'api.report_key', 'api.report_key_text', 'api.report_keys', 'api.report_shift', 'api.report_days', 'api.report_time_dimension', 'api.report_check', 'api.report_flows', 'api.whole_months', 'api.day_flows', 'api.play_flows', 'api.mark_flows', 'api.marked_rows', 'api.marked_hours', 'api.operator_bit', 'api.operator_block', 'api.arrived_batches', 'api.report_declared', 'api.report_accounts', 'api.report_watermark', 'api.report_completeness', 'api.report_state', 'api.report_r03', 'api.report_r04', 'api.report_r04_objects', 'api.report_r09', 'api.report_r10', 'api.report_r11', 'api.market_months', 'api.report_r01', 'api.report_r02', 'api.report_r05', 'api.report_r06', 'api.report_r07', 'api.report_r08',
  'api.report_bands', 'api.report_cash', 'api.amounts_counted', 'api.report_cohorts',
  'api.region_flows',
  'api.names', 'api.object_names', 'api.watermark', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.row_leaves', 'api.transactions', 'api.transaction_hours', 'api.transaction_sums', 'api.refusals', 'api.missing_numbers', 'api.live_arrivals', 'api.live_money',
  'api.access_keys', 'api.batches_after', 'api.registry_codes', 'api.tasks_today',
  'api.tasks_of_arrival', 'api.tasks_of_streams', 'api.tasks_of_money', 'api.tasks_of_registry',
  'api.access_keys_in_use',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.operators_at_a_glance', 'api.operators_by_integration', 'api.access_key_use', 'api.check_change', 'api.save_change', 'api.begin_rows', 'api.check_rows',
  'api.step_change', 'api.create_access_key', 'api.rotate_access_key', 'api.restrict_access_key',
  'api.revoke_access_key'
]);

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
select isnt_empty(format('select from api.%I', v), format('api.%s shows those of its own people', v))
from unnest(array['appointment', 'appointment_change', 'appointment_event']) as v;
select is_empty(
  format('select from api.%I as a where person_id not in (
    select id from api.person where operator_id = %s)', v, operator_id('TEST-ALPHA')),
  format('and of nobody else: api.%s', v))
from unnest(array['appointment', 'appointment_change', 'appointment_event']) as v;
select isnt_empty('select from api.gambling_type', 'reference data: kinds of gambling');
select isnt_empty('select from api.currency', 'reference data: currencies');

select is_empty('select from api.rollup_market_mark_day', 'nothing that is told of all operators together');

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
  format('select from api.row_leaves(%s)', batch_of('TEST-BETA')), 'no row''s hash of another''s batch');
select is(
  (select count(*) from api.row_leaves(batch_of('TEST-ALPHA'))), 40::bigint,
  'the hashes of its own batch''s rows');
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
select is_empty(
  format(
    'select from api.transaction_hours(now() - interval ''20 days'', now() + interval ''1 day'', array[%s],
       null, null, null, null, null, null, null, null, 100)', operator_id('TEST-BETA')),
  'nor the hours in which there are any');
select is_empty(
  format(
    'select from api.transaction_sums(
       date_trunc(''hour'', now()) - interval ''20 days'', date_trunc(''hour'', now()) + interval ''1 hour'',
       array[%s])', operator_id('TEST-BETA')),
  'nor what they add up to');
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

-- Reports: its own rows, whatever it asks for, and nothing of the market's structure.
select results_eq(
  format('select distinct keys[1]::integer from api.%s(current_date - 20, current_date + 1,
    ''{operator}'') where not is_total', u.f), array[operator_id('TEST-ALPHA')], u.f || ': its own')
from unnest(array[
  'report_r01', 'report_r02', 'report_r03', 'report_r04', 'report_r05', 'report_r06', 'report_r07',
  'report_r08', 'report_r09', 'report_r10', 'report_r11']) as u (f);
select is_empty(
  format('select from api.%s(current_date - 20, current_date + 1, ''{operator}'', array[%s])
    where not is_total', u.f, operator_id('TEST-BETA')), u.f || ': nothing of another''s')
from unnest(array[
  'report_r01', 'report_r02', 'report_r03', 'report_r04', 'report_r05', 'report_r06', 'report_r07',
  'report_r08', 'report_r09', 'report_r10', 'report_r11']) as u (f);
select is_empty(
  'select from api.report_r08(current_date - 20, current_date + 1)
    where share_percent is not null or market_rank is not null or hhi is not null
      or operator_count is not null or growth_contribution_percent is not null',
  'no share, rank or concentration of a market of which it sees one');

-- Accounts of players: counts of its own alone, of nobody else and of no market.
select is_empty(
  format('select from api.account_spread where operator_id <> %s', operator_id('TEST-ALPHA')),
  'no other''s spread, nor that of all together');
select is(
  (select sum(active_count)::bigint from api.player_activity(current_date - 20, current_date + 1, 'day')),
  (select sum(active_count)::bigint from api.account_count where grain = 'day' and gambling_type_id = 0),
  'activity of its own accounts');
select is_empty(
  format('select from api.player_activity(
    current_date - 20, current_date + 1, ''day'', ''{operator}'', array[%s])', operator_id('TEST-BETA')),
  'asking for another''s accounts gives none');
select is_empty(
  format('select from api.account_cohorts(current_date - 20, current_date + 1, array[%s])', operator_id('TEST-BETA')),
  'nor its cohorts');

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

-- Keys as a register: its own, and never with what a secret could be tried against.
select become('operator', operator_id('TEST-ALPHA'));
select isnt_empty('select from api.registry_list(''access_key'')', 'its own keys are in a register');
select is_empty(
  format('select from api.registry_list(''access_key'') where operator_id <> %s', operator_id('TEST-ALPHA')), 'and no other''s');
select is_empty(
  'select from api.entry_document where kind = ''access_key'' and document::text ~* ''hmac|secret''', 'no secret of a key');
-- It is read there and not proposed.
select throws_ok(
  'select api.save_change(null, ''access_key'', ''create'', null, null, ''{"label": "x"}'')', 'DZR04', null,
  'a key is not proposed');
select throws_ok(
  format('select api.save_change(null, ''access_key'', ''end'', %s, null, ''{}'')', k.record_id), 'DZR04', null, 'nor ended by a change')
from api.registry_list('access_key') as k;
select throws_ok(
  'select from api.check_change(''access_key'', ''create'', null, null, ''{}'')', 'DZR01', null, 'nor checked');
