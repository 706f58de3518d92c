-- login: dozir_portal
-- Financial monitoring: players' cash flow and breaches, of every operator; no player, no keys.
select become('financial_monitoring');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(
  'api.games_counted_until', 'api.equipment_played', 'api.lag_quantiles', 'api.minute_rows',
  'api.read_notice', 'api.read_notices', 'api.set_notice', 'api.set_contact', 'api.save_subscription',
  'api.pause_subscription', 'api.stop_subscription', 'api.queue_mail', 'api.arrange_dashboard', 'api.note',
  'api.record_export', 'api.request_export', 'api.cancel_export', 'api.see_export', 'api.save_view', 'api.rename_view', 'api.remove_view',
  'api.percent', 'api.ggr', 'api.rtp_percent', 'api.hold_percent', 'api.average', 'api.change_percent', 'api.report_key', 'api.report_key_text', 'api.report_keys', 'api.report_shift', 'api.report_days', 'api.report_time_dimension', 'api.report_check', 'api.report_flows', 'api.whole_months', 'api.day_flows', 'api.play_flows', 'api.mark_flows', 'api.marked_rows', 'api.marked_hours', 'api.operator_bit', 'api.operator_block', 'api.arrived_batches', 'api.report_watermark', 'api.report_completeness', 'api.report_state',
  'api.transactions', 'api.transaction_hours', 'api.transaction_sums', 'api.note_view', 'api.state_reason',
  'api.report_declared', 'api.report_bands', 'api.report_cash', 'api.amounts_counted', 'api.report_r06', 'api.report_r10', 'api.names', 'api.object_names', 'api.watermark',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history'
);
select cannot('select player from api.transaction_player', 'no player''s pseudonym');
select ok(
  not has_column_privilege(relation('ledger', 'transaction'), 'player', 'select'), 'nor in the table behind');
select is_empty(format('select from api.%I where kind = ''access_key''', v), format('no key in %s', v))
from unnest(array['entry', 'entry_document', 'entry_count', 'operator_count', 'record_kind']) as v;
select is_empty(
  'select from api.registry_history where table_name in (''access_key'', ''representative'')',
  'no key and no person in history');

-- What it can.
select can_read_only(
  'game_progress', 'amount_band', 'cash_band_day', 'cash_day', 'cash_progress', 'cash_limit',
  'contact', 'dashboard', 'delivery', 'event', 'event_kind', 'mail', 'notice', 'notice_kind', 'notice_setting', 'reason_kind',
  'subscription',
  'export', 'export_job', 'saved_view', 'person', 'role', 'permission', 'role_permission',
  'report', 'measure', 'dimension', 'report_measure', 'report_dimension',
  'rollup_play_day', 'rollup_play_month', 'rollup_equipment_month', 'rollup_mark_day', 'rollup_mark_month', 'rollup_market_mark_day',
  'counted_game_day',
  'dropped_day', 'batch', 'stream_head', 'cancellation', 'refusal', 'rollup_day', 'rollup_month', 'rollup_game_day', 'declared_day', 'declared_days', 'rollup_game_hour', 'rollup_hour', 'transaction',
  'channel', 'currency', 'equipment', 'gambling_type', 'game', 'licence', 'key_limit', 'licence_suspension', 'operator', 'registry_history',
  'attribute', 'choice', 'entry', 'entry_document', 'entry_count', 'operator_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition'
);
select is((select array_agg(code order by code) from api.report), array['R06', 'R10'], 'two reports');
select isnt_empty('select from api.report_r06(current_date - 40, current_date + 1)', 'breaches');
select isnt_empty('select from api.report_r10(current_date - 40, current_date + 1) where not is_total', 'cash flow');
select results_eq(
  'select distinct type from api.transactions(now() - interval ''31 days'', now() + interval ''1 day'', null, null, null, null, null, 10000) order by 1',
  'select unnest(array[4, 5]::smallint[])', 'one by one deposits and withdrawals, and nothing of play');
