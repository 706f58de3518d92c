-- login: dozir_portal
-- An official of the tax service: every figure and every transaction, but no player.
select become('tax_service');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(variadic array[
  'api.games_counted_until', 'api.equipment_played', 'api.lag_quantiles', 'api.minute_rows',
  'api.propose_appointment', 'api.decide_appointment', 'identity.may',
  'api.keep_signature',
  'api.read_notice', 'api.read_notices', 'api.set_notice', 'api.set_contact', 'api.save_subscription',
  'api.pause_subscription', 'api.stop_subscription', 'api.queue_mail', 'api.arrange_dashboard',
  'api.morning_money', 'api.morning_arrivals',
  'api.tax_estimate', 'api.tax_parts', 'api.tax_sums', 'api.tax_kind_key', 'api.declared_and_observed', 'api.declaration_states', 'api.declared_months', 'api.settlement_bridge', 'api.open_bet_rows', 'api.open_bet_records',
  'api.note', 'api.note_view', 'api.state_reason', 'api.record_export', 'api.request_export', 'api.cancel_export', 'api.see_export', 'api.save_view', 'api.rename_view', 'api.remove_view',
  'api.propose_tax_rate', 'api.decide_tax_rate', 'api.record_tax_payments', 'api.take_back_tax_payment',
  'api.checkpoints',
  'api.percent', 'api.ggr', 'api.rtp_percent', 'api.hold_percent', 'api.average', 'api.change_percent',
  'api.report_key', 'api.report_key_text', 'api.report_keys', 'api.report_shift', 'api.report_days',
  'api.report_time_dimension', 'api.report_check', 'api.report_flows', 'api.whole_months', 'api.day_flows', 'api.play_flows', 'api.mark_flows', 'api.marked_rows', 'api.marked_hours', 'api.operator_bit', 'api.operator_block', 'api.arrived_batches', 'api.report_declared', 'api.report_watermark',
  'api.report_completeness', 'api.report_state', 'api.report_r03', 'api.report_r04', 'api.report_r04_objects', 'api.report_r09',
  'api.report_bands', 'api.report_cash', 'api.amounts_counted',
  'api.report_r10', 'api.report_r11',
  'api.names', 'api.object_names', 'api.watermark', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.row_leaves', 'api.transactions', 'api.transaction_hours', 'api.transaction_sums', 'api.refusals', 'api.live_arrivals', 'api.live_money',
  'api.tasks_today', 'api.tasks_of_money',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history'
]);
select cannot('select player from api.transaction_player', 'no player''s pseudonym');
select hasnt_column('api', 'transaction', 'player', 'nor in the transactions');
select ok(
  not has_column_privilege(relation('ledger', 'transaction'), 'player', 'select'), 'nor in the table behind');
select cannot('select from api.access_key', 'no access keys');
select cannot('select from api.account_count', 'no report on players');

-- Keys, which are a register as well: neither the keys nor their number, history or kind.
select is_empty(format('select from api.%I where kind = ''access_key''', v), format('no key in %s', v))
from unnest(array['entry', 'entry_document', 'entry_count', 'operator_count', 'record_kind']) as v;
select is_empty('select from api.registry_history where table_name = ''access_key''', 'nor in history');
select throws_ok('select from api.registry_list(''access_key'')', 'DZR04', null, 'there is no such register for it');
select is_empty('select from api.registry_record(''access_key'', 1)', 'and no record');
select is_empty('select from api.registry_history(''access_key'', 1)', 'nor versions');

-- What it can.
select can_read_only(
  'game_progress', 'arrival_day', 'arrival_progress', 'request_hour', 'request_day', 'certificate',
  'amount_band', 'cash_band_day', 'cash_day', 'cash_progress', 'cash_limit',
  'event', 'event_kind', 'reason_kind', 'tax_class',
  'role', 'permission', 'role_permission', 'appointment', 'appointment_change', 'appointment_event', 'official',
  'signature',
  'notice', 'notice_kind', 'notice_setting', 'contact', 'subscription', 'delivery', 'mail', 'dashboard',
  'tax_class', 'tax_class_type', 'tax_rate', 'declaration_deadline', 'settlement_rule', 'declared_day', 'declared_days', 'declared_month', 'tax_payment', 'open_bets', 'open_bet_record', 'tax_rate_change',
  'export', 'export_job', 'saved_view',
  'report', 'measure', 'dimension', 'report_measure', 'report_dimension',
  'dropped_day',
  'batch', 'stream_head', 'cancellation', 'channel', 'currency', 'equipment', 'gambling_type', 'game',
  'ingest_hour', 'licence', 'key_limit', 'licence_suspension', 'operator', 'refusal', 'registry_history',
  'rollup_play_day', 'rollup_play_month', 'rollup_equipment_month', 'rollup_mark_day', 'rollup_mark_month', 'rollup_market_mark_day',
  'counted_game_day',
  'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction',
  'checkpoint', 'cosignature', 'quorum', 'timestamp_token', 'trust_policy',
  'attribute', 'choice', 'entry', 'entry_document', 'entry_count', 'operator_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'person'
);
select sees_every_operator(
  'declared_day', 'declared_days', 'declared_month', 'tax_payment', 'open_bets', 'open_bet_record',
  'batch', 'cancellation', 'channel', 'game', 'ingest_hour', 'licence', 'operator', 'refusal',
  'registry_history', 'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction'
);
select isnt_empty(
  'select from api.transactions(now() - interval ''20 days'', now() + interval ''1 day'')',
  'transactions behind a figure');
select is(
  (select count(*) from api.row_leaves(batch_of('TEST-BETA'))), 40::bigint,
  'the hashes of a batch''s rows, which cover the player and do not tell it');

-- Reports: those of money and licences, not of arrival, fairness or the market.
select results_eq(
  'select code from api.report order by position', array['R03', 'R04', 'R09', 'R10', 'R11'],
  'its reports');
select cannot('select from api.report_r01(current_date, current_date)', 'arrival is the regulator''s');
select cannot('select from api.report_r08(current_date, current_date)', 'so is the market');
select is(
  (select active_key_count from api.report_r04(current_date - 30, current_date + 1, '{}')), null,
  'compliance, without the number of anybody''s keys');
select isnt_empty(
  'select from api.report_r09(current_date - 30, current_date + 1, ''{operator}'') where not is_total',
  'GGR of organisers');
