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
  'api.names', 'api.object_names', 'api.watermark', 'api.stakes_and_winnings', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.transactions', 'api.refusals', 'api.live_arrivals', 'api.live_money',
  'api.fold', 'api.registry_conditions', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history'
);
select cannot('select player from api.transaction_player', 'no player''s pseudonym');
select ok(
  not has_column_privilege(relation('ledger', 'transaction'), 'player', 'select'), 'nor in the table behind');

-- What it can.
select can_read_only(
  'batch', 'cancellation', 'channel', 'currency', 'equipment', 'gambling_type', 'game',
  'ingest_hour', 'job', 'job_finding', 'job_run', 'key_limit', 'licence', 'licence_suspension',
  'operator', 'refusal', 'registry_history',
  'rollup_day', 'rollup_game_hour', 'rollup_hour', 'transaction',
  'attribute', 'choice', 'entry', 'entry_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition'
);
select sees_every_operator('batch', 'operator', 'refusal', 'rollup_day', 'transaction');
select set_config('dozir.operator_id', operator_id('TEST-BETA')::text, true);
select sees_every_operator('batch', 'transaction');
