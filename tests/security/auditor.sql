-- login: dozir_portal
-- An auditor: every record and who may send records, but no player and no change.
select become('auditor');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(
  'api.names', 'api.object_names', 'api.watermark', 'api.stakes_and_winnings', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.transactions', 'api.refusals', 'api.live_arrivals', 'api.live_money',
  'api.access_keys', 'api.tasks_today', 'api.tasks_of_streams', 'api.tasks_of_money',
  'api.tasks_of_registry',
  'api.fold', 'api.registry_conditions', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.operators_at_a_glance', 'api.access_key_use'
);
select cannot('select player from api.transaction_player', 'no player''s pseudonym');
select hasnt_column('api', 'transaction', 'player', 'nor in the transactions');
select ok(
  not has_column_privilege(relation('ledger', 'transaction'), 'player', 'select'), 'nor in the table behind');

-- What it can.
select can_read_only(
  'access_key', 'batch', 'cancellation', 'channel', 'currency', 'equipment', 'gambling_type', 'game',
  'ingest_hour', 'licence', 'key_limit', 'licence_suspension', 'operator', 'refusal', 'registry_history',
  'rollup_day', 'rollup_game_hour', 'rollup_hour', 'transaction',
  'attribute', 'choice', 'entry', 'entry_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'change', 'change_event', 'person',
  'representative_private'
);
select sees_every_operator(
  'access_key', 'batch', 'cancellation', 'channel', 'game', 'ingest_hour', 'licence', 'operator', 'refusal',
  'registry_history', 'rollup_day', 'rollup_game_hour', 'rollup_hour', 'transaction'
);
select isnt_empty(
  'select from api.transactions(now() - interval ''20 days'', now() + interval ''1 day'')',
  'transactions behind a figure');
