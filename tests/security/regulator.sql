-- login: dozir_portal
-- An official of the regulator: sees everything, changes nothing.
select become('regulator');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(
  'api.names', 'api.object_names', 'api.watermark', 'api.stakes_and_winnings', 'api.batches',
  'api.batch_detail', 'api.batch_transactions', 'api.transactions', 'api.refusals', 'api.live_arrivals', 'api.live_money',
  'api.access_keys', 'api.tasks_today', 'api.tasks_of_arrival', 'api.tasks_of_streams',
  'api.tasks_of_money', 'api.tasks_of_registry',
  'api.fold', 'api.registry_conditions', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.operators_at_a_glance', 'api.access_key_use', 'api.check_change', 'api.save_change',
  'api.step_change', 'api.suspend_licence', 'api.resume_licence', 'api.revoke_licence',
  'api.block_equipment', 'api.unblock_equipment', 'api.set_licence_fee'
);
select hasnt_column('api', 'access_key', 'secret_hmac', 'no secret of a key is shown');

-- What it can.
select can_read_only(
  'access_key', 'batch', 'cancellation', 'channel', 'currency', 'equipment', 'gambling_type',
  'game', 'ingest_hour', 'licence', 'key_limit', 'licence_suspension', 'operator', 'refusal',
  'registry_history', 'rollup_day', 'rollup_game_hour', 'rollup_hour', 'transaction',
  'transaction_player',
  'attribute', 'choice', 'entry', 'entry_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'change', 'change_event', 'person',
  'representative_private'
);
select sees_every_operator(
  'access_key', 'batch', 'cancellation', 'channel', 'game', 'ingest_hour', 'licence', 'operator',
  'refusal', 'registry_history', 'rollup_day', 'rollup_game_hour', 'rollup_hour', 'transaction',
  'transaction_player'
);
select is(
  (select count(*) from api.transaction),
  transactions_of('TEST-ALPHA') + transactions_of('TEST-BETA') + transactions_of('TEST-GAMMA'),
  'every transaction');
select results_eq(
  'select key::integer from api.stakes_and_winnings(
     current_date - 20, current_date + 1, ''operator'') order by 1',
  array[operator_id('TEST-ALPHA'), operator_id('TEST-BETA'), operator_id('TEST-GAMMA')],
  'everyone''s stakes and winnings');
select isnt_empty(
  format('select from api.batch_transactions(%s)', batch_of('TEST-BETA')), 'anyone''s batch');

-- The operator's setting is of no meaning to an official.
select become('regulator', operator_id('TEST-BETA'));
select sees_every_operator('batch', 'transaction', 'rollup_day');
