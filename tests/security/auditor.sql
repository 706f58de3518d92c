-- login: dozir_portal
-- An auditor: every record and who may send records, but no player and no change.
select become('auditor');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(variadic array[
  'api.games_counted_until', 'api.equipment_played', 'api.lag_quantiles', 'api.minute_rows', 'api.missing_numbers',
  'api.integration',
  'identity.may',
  'api.read_notice', 'api.read_notices', 'api.set_notice', 'api.set_contact', 'api.save_subscription',
  'api.pause_subscription', 'api.stop_subscription', 'api.queue_mail', 'api.arrange_dashboard',
  'api.morning_money', 'api.morning_arrivals',
  'api.tax_estimate', 'api.tax_parts', 'api.tax_sums', 'api.tax_kind_key', 'api.declared_and_observed', 'api.declaration_states', 'api.declared_months', 'api.settlement_bridge', 'api.open_bet_rows', 'api.open_bet_records',
  'api.note', 'api.note_view', 'api.state_reason', 'api.record_export', 'api.request_export', 'api.cancel_export', 'api.see_export', 'api.save_view', 'api.rename_view', 'api.remove_view',
  'api.checkpoints',
  'api.player_activity', 'api.account_cohorts',
  'api.verification_findings',
  'api.percent', 'api.ggr', 'api.rtp_percent', 'api.log_evidence', 'api.log_half_evidence', 'api.hold_percent', 'api.average', 'api.change_percent', 'api.report_key', 'api.report_key_text', 'api.report_keys', 'api.report_shift', 'api.report_days', 'api.report_time_dimension', 'api.report_check', 'api.report_flows', 'api.whole_months', 'api.day_flows', 'api.play_flows', 'api.mark_flows', 'api.marked_rows', 'api.marked_hours', 'api.operator_bit', 'api.operator_block', 'api.arrived_batches', 'api.report_declared', 'api.report_accounts', 'api.report_watermark', 'api.report_completeness', 'api.report_state', 'api.report_r03', 'api.report_r04', 'api.report_r04_objects', 'api.report_r09', 'api.report_r10', 'api.report_r11', 'api.market_months', 'api.report_r01', 'api.report_r02', 'api.report_r05', 'api.report_r06', 'api.report_r07', 'api.report_r08',
  'api.report_bands', 'api.report_cash', 'api.amounts_counted', 'api.report_cohorts',
  'api.region_flows',
  'api.names', 'api.object_names', 'api.watermark', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.row_leaves', 'api.transactions', 'api.transaction_hours', 'api.transaction_sums', 'api.refusals', 'api.missing_numbers', 'api.live_arrivals', 'api.live_money',
  'api.access_keys', 'api.tasks_today', 'api.tasks_of_streams', 'api.tasks_of_money',
  'api.tasks_of_registry',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.operators_at_a_glance', 'api.operators_by_integration', 'api.access_key_use'
]);
select cannot('select player from api.transaction_player', 'no player''s pseudonym');
select hasnt_column('api', 'transaction', 'player', 'nor in the transactions');
select ok(
  not has_column_privilege(relation('ledger', 'transaction'), 'player', 'select'), 'nor in the table behind');

-- What it can.
select can_read_only(variadic array[
  'game_progress', 'arrival_day', 'arrival_progress', 'request_hour', 'request_day', 'certificate',
  'round_day', 'return_day', 'return_month', 'matched_day', 'stake_band',
  'blocked_change', 'compliance', 'provider_key', 'provider_standing', 'connection_deadline',
  'event', 'event_kind', 'reason_kind', 'tax_class',
  'role', 'permission', 'role_permission', 'appointment', 'appointment_change', 'appointment_event', 'official',
  'signature', 'access_lock',
  'notice', 'notice_kind', 'notice_setting', 'contact', 'subscription', 'delivery', 'mail', 'dashboard',
  'tax_class', 'tax_class_type', 'tax_rate', 'declaration_deadline', 'settlement_rule', 'declared_day', 'declared_days', 'declared_month', 'tax_payment', 'open_bets', 'open_bet_record', 'tax_rate_change',
  'export', 'export_job', 'saved_view',
  'report', 'measure', 'dimension', 'report_measure', 'report_dimension',
  'dropped_day',
  'account_count', 'account_period', 'account_spread', 'account_cohort', 'cohort_sum', 'player_progress',
  'amount_band', 'cash_band_day', 'cash_day', 'cash_progress', 'cash_limit',
  'access_key', 'operator_integration', 'batch', 'stream_head', 'cancellation', 'channel', 'currency', 'equipment', 'gambling_type', 'game',
  'channel_region',
  'ingest_hour', 'licence', 'key_limit', 'licence_suspension', 'operator', 'refusal', 'registry_history',
  'rollup_play_day', 'rollup_play_month', 'rollup_equipment_month', 'rollup_mark_day', 'rollup_mark_month', 'rollup_market_mark_day',
  'counted_game_day',
  'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction',
  'checkpoint', 'cosignature', 'quorum', 'timestamp_token', 'trust_policy',
  'attribute', 'choice', 'entry', 'entry_document', 'entry_count', 'operator_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'change', 'change_event', 'change_row', 'person',
  'representative_private'
]);
select sees_every_operator(
  'declared_day', 'declared_days', 'declared_month', 'tax_payment', 'open_bets', 'open_bet_record',
  'access_key', 'batch', 'cancellation', 'channel', 'channel_region', 'game', 'ingest_hour', 'licence', 'operator', 'refusal',
  'registry_history', 'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction'
);
select isnt_empty(
  'select from api.transactions(now() - interval ''20 days'', now() + interval ''1 day'')',
  'transactions behind a figure');

-- Keys as a register: of every operator, and never with what a secret could be tried against.
select is(
  (select count(distinct operator_id) from api.registry_list('access_key')),
  (select count(distinct operator_id) from api.access_key), 'keys of every operator');
select is_empty(
  'select from api.entry_document where kind = ''access_key'' and document::text ~* ''hmac|secret''', 'no secret of a key');
select is_empty(
  'select from api.registry_history where table_name = ''access_key'' and (before::text || after::text) ~* ''hmac|secret''',
  'nor in history');
