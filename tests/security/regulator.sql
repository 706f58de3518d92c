-- login: dozir_portal
-- An official of the regulator: sees everything, changes nothing.
select become('regulator');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(variadic array[
  'api.games_counted_until', 'api.equipment_played', 'api.lag_quantiles', 'api.minute_rows', 'api.missing_numbers',
  'api.decide_complaint', 'api.note_compliance', 'api.make_provider_key', 'api.revoke_provider_key', 'api.set_deadline', 'api.verify_deadline', 'api.set_cash_limit', 'api.verify_cash_limit', 'api.integration',
  'identity.permissions_of',
  'api.propose_appointment', 'api.decide_appointment', 'identity.may',
  'api.keep_signature', 'api.lock_access', 'api.lift_lock',
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
  'api.access_keys', 'api.tasks_today', 'api.tasks_of_arrival', 'api.tasks_of_streams',
  'api.tasks_of_money', 'api.tasks_of_registry',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.operators_at_a_glance', 'api.operators_by_integration', 'api.access_key_use', 'api.check_change', 'api.save_change', 'api.begin_rows', 'api.check_rows',
  'api.step_change', 'api.give_change', 'api.suspend_licence', 'api.resume_licence', 'api.revoke_licence',
  'api.withdraw_suspension', 'api.verify_licence_fee',
  'api.block_equipment', 'api.unblock_equipment', 'api.set_licence_fee'
]);
select hasnt_column('api', 'access_key', 'secret_hmac', 'no secret of a key is shown');

-- What it can.
select can_read_only(variadic array[
  'game_progress', 'arrival_day', 'arrival_progress', 'request_hour', 'request_day', 'certificate',
  'round_day', 'return_day', 'return_month', 'matched_day', 'stake_band',
  'blocked_change', 'compliance', 'complaint', 'provider_key', 'provider_standing', 'connection_deadline',
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
  'access_key', 'operator_integration', 'batch', 'stream_head', 'cancellation', 'channel', 'currency', 'equipment', 'gambling_type',
  'channel_region',
  'game', 'ingest_hour', 'licence', 'key_limit', 'licence_suspension', 'operator', 'refusal',
  'rollup_play_day', 'rollup_play_month', 'rollup_equipment_month', 'rollup_mark_day', 'rollup_mark_month', 'rollup_market_mark_day',
  'counted_game_day',
  'registry_history', 'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction',
  'transaction_player',
  'checkpoint', 'cosignature', 'quorum', 'timestamp_token', 'trust_policy',
  'attribute', 'choice', 'entry', 'entry_document', 'entry_count', 'operator_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'change', 'change_event', 'change_row', 'person', 'decider',
  'representative_private'
]);
select sees_every_operator(
  'access_key', 'account_count', 'account_cohort', 'batch', 'cancellation', 'channel', 'game', 'ingest_hour', 'licence',
  'declared_day', 'declared_days', 'declared_month', 'open_bets', 'open_bet_record', 'cohort_sum', 'cash_band_day', 'cash_day',
  'channel_region', 'tax_payment',
  'operator', 'refusal', 'registry_history', 'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction',
  'transaction_player'
);
select is(
  (select count(*) from api.transaction),
  transactions_of('TEST-ALPHA') + transactions_of('TEST-BETA') + transactions_of('TEST-GAMMA'),
  'every transaction');
select isnt_empty(
  format('select from api.batch_transactions(%s)', batch_of('TEST-BETA')), 'anyone''s batch');

-- Reports: all of them, of all operators.
select is((select count(*) from api.report), 11::bigint, 'eleven reports');
select is(
  (select count(*) from api.report_r09(current_date - 20, current_date + 1) where not is_total), 3::bigint,
  'GGR of every operator');

select results_eq(
  'select distinct operator_id from api.player_activity(
     current_date - 20, current_date + 1, ''day'', ''{operator}'') order by 1',
  array[operator_id('TEST-ALPHA'), operator_id('TEST-BETA'), operator_id('TEST-GAMMA')],
  'everyone''s accounts, counted');
select is_empty(
  $$select from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    where c.relnamespace = 'api'::regnamespace and a.attname = 'player'
      and c.relname <> 'transaction_player'$$,
  'no view of counts has a player in it');

-- The operator's setting is of no meaning to an official.
select become('regulator', operator_id('TEST-BETA'));
select sees_every_operator('batch', 'transaction', 'rollup_day');

-- Keys as a register: of every operator, and never with what a secret could be tried against.
select is(
  (select count(distinct operator_id) from api.registry_list('access_key')),
  (select count(distinct operator_id) from api.access_key), 'keys of every operator');
select is_empty(
  'select from api.entry_document where kind = ''access_key'' and document::text ~* ''hmac|secret''', 'no secret of a key');
select is_empty(
  'select from api.registry_history where table_name = ''access_key'' and (before::text || after::text) ~* ''hmac|secret''',
  'nor in history');
