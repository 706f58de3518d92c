-- login: dozir_sequencer
-- The sequencer of the log: calls its functions, reads no table, becomes nobody.

-- What it must not do.
select cannot_read_closed_relations();
select cannot_touch_chunks();
select cannot_change_closed_relations();
select cannot_read_statistics();
select cannot_reach_the_server();
select cannot_become(
  'postgres', 'dozir_migrator', 'dozir_writer', 'dozir_chunks', 'dozir_ingest', 'dozir_portal',
  'dozir_readonly', 'dozir_jobs', 'operator', 'regulator', 'tax_service', 'registrar', 'auditor'
);
select cannot('select from api.operator', 'nothing of api');
select cannot('select api.watermark()', 'no function of api');
select cannot(
  'select ledger.append_entry(7::smallint, 0, '''', null, ''''::bytea)', 'enters nothing itself');
select can_call_only(
  'ledger.log_state', 'ledger.unsequenced_entries', 'ledger.sequence_entries', 'ledger.leaves',
  'ledger.record_checkpoint', 'ledger.record_log_key', 'ledger.log_keys', 'ledger.note_log_refusal',
  'ledger.record_cosignature', 'ledger.adopt_policy', 'ledger.record_quorum', 'ledger.record_timestamp',
  'ledger.last_timestamps'
);

-- What it can, and what its functions refuse.
select isnt_empty('select from ledger.unsequenced_entries(5)', 'sees what waits');
select throws_ok(
  'select ledger.sequence_entries(array[0::bigint])', 'DZL02', null, 'gives no leaf to what is no entry');
select throws_ok(
  'select ledger.sequence_entries((select array_agg(id) || min(id) from ledger.unsequenced_entries(1)))',
  'DZL02', null, 'nor two leaves to one');
select is(
  ledger.sequence_entries((select array_agg(id) from ledger.unsequenced_entries(3))), 3::bigint,
  'gives the next leaves');
select results_eq(
  'select leaf_index from ledger.leaves(0, 10)', array[0, 1, 2]::bigint[], 'without a gap');
select throws_ok(
  'select ledger.sequence_entries(array[(select min(entry_id) from ledger.unsequenced) - 1])',
  '42501', null, 'without looking into a table');
select lives_ok(
  'select ledger.record_checkpoint(3, sha256(''''), ''note'', now())', 'records a checkpoint');
select lives_ok(
  'select ledger.record_checkpoint(3, sha256(''''), ''later'', now())', 'and its renewal');
select throws_ok(
  'select ledger.record_checkpoint(3, sha256(''x''), ''fork'', now())', 'DZL03', null,
  'but no other root of its size');

-- What others signed: of the checkpoints that are published, and once.
select lives_ok(
  'select ledger.record_cosignature(3, sha256(''''), ''note'', ''court'', now(), ''line'')',
  'records a cosignature');
select lives_ok(
  'select ledger.record_cosignature(3, sha256(''''), ''note'', ''court'', now(), ''other'')',
  'again: the first one stays');
select lives_ok(
  'select ledger.record_cosignature(2, sha256(''2''), ''note'', ''court'', now(), ''line'')',
  'of a checkpoint that was not kept: it is now');
select throws_ok(
  'select ledger.record_cosignature(3, sha256(''x''), ''fork'', ''court'', now(), ''line'')', 'DZL03', null,
  'of no other root of that size');
select throws_ok(
  'select ledger.record_timestamp(3, sha256(''x''), ''fork'', ''clock'', now(), ''token'')', 'DZL03', null,
  'nor a time-stamp');
select lives_ok(
  'select ledger.record_timestamp(3, sha256(''''), ''note'', ''clock'', now(), ''token'')', 'records a time-stamp');
select results_eq(
  'select authority, size from ledger.last_timestamps()', $$values ('clock'::text, 3::bigint)$$,
  'and knows the last of each authority');
select is(
  ledger.adopt_policy('quorum none'), ledger.adopt_policy('quorum none'), 'adopts a policy once');
select isnt(
  ledger.adopt_policy('quorum none'), ledger.adopt_policy('other'), 'and another one after it');
select lives_ok(
  'select ledger.record_quorum(3, ledger.adopt_policy(''other''))', 'records a quorum');
select throws_ok('select ledger.record_quorum(3, 0)', 'DZL04', null, 'by a policy that there is');
select throws_ok(
  'select ledger.record_quorum(99, ledger.adopt_policy(''other''))', 'DZL04', null,
  'and of a checkpoint that there is');
