-- login: dozir_jobs
-- The runner of recurring work: calls the procedures of maintenance, reads no table, becomes nobody.

-- What it must not do.
select cannot_read_closed_relations();
select cannot_touch_chunks();
select cannot_change_closed_relations();
select cannot_read_statistics();
select cannot_reach_the_server();
select cannot_become(
  'postgres', 'dozir_migrator', 'dozir_writer', 'dozir_chunks', 'dozir_ingest', 'dozir_portal',
  'dozir_readonly', 'dozir_sequencer', 'operator', 'regulator', 'tax_service', 'registrar',
  'auditor'
);
select cannot('select from api.job', 'nothing of api');
select cannot('call rollup.rebuild(null, null)', 'rewrites no figures');
select cannot('call rollup.rebuild_players(null, null)', 'nor accounts of players');
select cannot('select rollup.add_players(null)', 'nor adds to them what it likes');
select cannot('call ledger.archive_until(null)', 'chooses no horizon');
select cannot('select ledger.drop_until(null)', 'nor by the function behind it');
select cannot('insert into ledger.archived_day (name) values (null)', 'vouches for no archive');
select can_call_only(
  'maintenance.count_rounds', 'maintenance.count_some_rounds', 'maintenance.count_arrivals', 'maintenance.count_some_arrivals', 'maintenance.publish_blocked', 'maintenance.publish_some_blocked',
  'maintenance.due_job', 'maintenance.begin_run', 'maintenance.end_run', 'maintenance.ask_stop',
  'maintenance.stop_asked', 'maintenance.pause_job', 'maintenance.missing_chunks',
  'maintenance.make_chunk', 'maintenance.drop_oldest_day', 'maintenance.check_day',
  'maintenance.unchecked_days',
  'maintenance.clear_some_sessions', 'maintenance.turn_some_states', 'maintenance.turn_states', 'maintenance.measure_open_bets', 'maintenance.measure_next_open_bets', 'maintenance.note_drift', 'maintenance.make_chunks',
  'maintenance.seal_some_events', 'maintenance.seal_events', 'maintenance.clear_some_exports', 'maintenance.clear_exports',
  'maintenance.raise_expiring', 'maintenance.raise_returned', 'maintenance.raise_missing',
  'maintenance.raise_notices', 'maintenance.clear_some_notices', 'maintenance.clear_notices',
  'maintenance.apply_retention', 'maintenance.check_rollups', 'maintenance.clear_sessions',
  'maintenance.check_drift', 'maintenance.note_verification', 'maintenance.verify_ledger',
  'maintenance.count_some_games', 'maintenance.count_games',
  'maintenance.count_some_players', 'maintenance.count_players', 'maintenance.close_some_players',
  'maintenance.close_players', 'maintenance.close_some_cash', 'maintenance.close_cash', 'maintenance.drop_some_players', 'maintenance.drop_players'
);
select throws_ok(
  'select maintenance.note_verification(1)', 'DZM05', null, 'notes nothing that was not found');
select throws_ok(
  'select maintenance.begin_run(''rollup.rebuild'')', 'DZM03', null, 'only what is a job');
select throws_ok(
  'select maintenance.make_chunk(''2000-01-01'')', 'DZM02', null, 'no chunk of the past');
select throws_ok(
  'select maintenance.make_chunk(current_date + 60)', 'DZM02', null, 'no chunk of a far future');

-- What it can; whole runs are tested in tests/integration/jobs.
select is(maintenance.drop_oldest_day(), false, 'drops nothing while no horizon is set');
select lives_ok('select maintenance.make_chunk(current_date + 2)', 'makes a chunk of a coming day');
select isnt_empty('select from maintenance.due_job()', 'asks what is due');
