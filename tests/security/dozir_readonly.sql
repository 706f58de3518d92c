-- login: dozir_readonly
-- DBAs and BI tools: every figure and every transaction through api, no player, no key, no change.
-- Its transactions are read-only by default; this script switched that off, as anyone could.

-- What it must not do.
select is_kept_out();
select cannot_become(
  'dozir_ingest', 'dozir_jobs', 'dozir_portal', 'dozir_sequencer', 'operator', 'regulator', 'tax_service',
  'registrar', 'auditor'
);
select can_call_only(
  'api.games_counted_until', 'api.equipment_played', 'api.lag_quantiles', 'api.minute_rows', 'api.missing_numbers',
  'api.integration',
  'api.tax_estimate', 'api.tax_parts', 'api.tax_sums', 'api.tax_kind_key', 'api.declared_and_observed', 'api.declaration_states', 'api.declared_months', 'api.settlement_bridge', 'api.open_bet_rows', 'api.open_bet_records',
  'api.checkpoints',
  'api.player_activity', 'api.account_cohorts',
  'api.percent', 'api.ggr', 'api.rtp_percent', 'api.log_evidence', 'api.log_half_evidence', 'api.hold_percent', 'api.average', 'api.change_percent', 'api.report_key', 'api.report_key_text', 'api.report_keys', 'api.report_shift', 'api.report_days', 'api.report_time_dimension', 'api.report_check', 'api.report_flows', 'api.whole_months', 'api.day_flows', 'api.play_flows', 'api.mark_flows', 'api.marked_rows', 'api.marked_hours', 'api.operator_bit', 'api.operator_block', 'api.arrived_batches', 'api.report_declared', 'api.report_accounts', 'api.report_watermark', 'api.report_completeness', 'api.report_state', 'api.report_r03', 'api.report_r04', 'api.report_r04_objects', 'api.report_r09', 'api.report_r10', 'api.report_r11', 'api.market_months', 'api.report_r01', 'api.report_r02', 'api.report_r05', 'api.report_r06', 'api.report_r07', 'api.report_r08',
  'api.report_bands', 'api.report_cash', 'api.amounts_counted', 'api.report_cohorts',
  'api.region_flows',
  'api.names', 'api.object_names', 'api.watermark', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.transactions', 'api.transaction_hours', 'api.transaction_sums', 'api.refusals', 'api.missing_numbers', 'api.live_arrivals', 'api.live_money',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history'
);
select cannot('select player from api.transaction_player', 'no player''s pseudonym');
select ok(
  not has_column_privilege(relation('ledger', 'transaction'), 'player', 'select'), 'nor in the table behind');

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
  'round_day', 'return_day', 'return_month', 'matched_day', 'stake_band',
  'blocked_change', 'compliance', 'connection_deadline',
  'role', 'permission', 'role_permission',
  'archived_day', 'dropped_day', 'account_count', 'account_period', 'account_spread', 'account_cohort', 'cohort_sum', 'player_progress',
  'amount_band', 'cash_band_day', 'cash_day', 'cash_progress', 'cash_limit',
  'report', 'measure', 'dimension', 'report_measure', 'report_dimension',
  'tax_class', 'tax_class_type', 'tax_rate', 'declaration_deadline', 'settlement_rule', 'declared_day', 'declared_days', 'declared_month', 'tax_payment', 'open_bets', 'open_bet_record',
  'batch', 'stream_head', 'cancellation', 'channel', 'channel_region', 'currency', 'equipment', 'gambling_type', 'game',
  'ingest_hour', 'job', 'job_finding', 'job_run', 'key_limit', 'licence', 'licence_suspension',
  'operator', 'refusal', 'registry_history',
  'rollup_play_day', 'rollup_play_month', 'rollup_equipment_month', 'rollup_mark_day', 'rollup_mark_month', 'rollup_market_mark_day',
  'counted_game_day',
  'rollup_day', 'rollup_game_day', 'rollup_game_hour', 'rollup_hour', 'rollup_month', 'transaction',
  'checkpoint', 'cosignature', 'quorum', 'timestamp_token', 'trust_policy',
  'attribute', 'choice', 'entry', 'entry_document', 'entry_count', 'operator_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'event_kind', 'reason_kind'
);
select sees_every_operator('batch', 'operator', 'refusal', 'rollup_day', 'transaction');
select set_config('dozir.operator_id', operator_id('TEST-BETA')::text, true);
select sees_every_operator('batch', 'transaction');
