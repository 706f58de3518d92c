-- Who may what: revoke all, then the whole matrix. Last of all, in the same transaction as policies.
do $revoke$
declare
  every constant text :=
    'public, "operator", regulator, tax_service, registrar, auditor, dozir_writer, dozir_ingest, '
    'dozir_portal, dozir_sequencer, dozir_readonly, dozir_jobs, dozir_chunks';
  schema_name text;
begin
  foreach schema_name in array array[
    'registry', 'identity', 'ledger', 'rollup', 'report', 'protection', 'audit', 'maintenance',
    'api'
  ] loop
    execute format('revoke all on schema %I from %s', schema_name, every);
    execute format('revoke all on all tables in schema %I from %s', schema_name, every);
    execute format('revoke all on all sequences in schema %I from %s', schema_name, every);
    execute format('revoke all on all routines in schema %I from %s', schema_name, every);
  end loop;
  execute format('revoke all on schema ledger_chunks, migration from %s', every);
end
$revoke$;
-- "revoke all on all tables" leaves column grants in place where a column was granted alone.
revoke all (
  occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
  channel_id, equipment_id, game_id, round_id, player, payment, flags, breach, cancels,
  cancel_reason, exclusion_receipt
) on ledger.transaction from
  "operator", regulator, tax_service, auditor, dozir_readonly, dozir_chunks;

-- The door: views and functions of api.
grant usage on schema api to
  "operator", regulator, tax_service, registrar, auditor, dozir_portal, dozir_readonly;

-- Registers: everyone; rows are bound by policies.
grant select on
  registry.gambling_type, registry.currency, registry.operator, registry.licence,
  registry.licence_suspension, registry.channel, registry.venue, registry.website,
  registry.mobile_application, registry.equipment, registry.game, registry.history,
  registry.key_limit, api.key_limit,
  api.gambling_type, api.currency, api.operator, api.licence, api.licence_suspension, api.channel,
  api.equipment, api.game, api.registry_history
  to "operator", regulator, tax_service, registrar, auditor, dozir_readonly;
grant select on
  registry.licence_kind, registry.licence_fee, registry.brand, registry.equipment_place,
  registry.equipment_block, registry.record_kind, registry.attribute, registry.choice,
  registry.workflow_state, registry.workflow_transition, registry.entry, registry.entry_count,
  api.licence_kind, api.licence_fee, api.equipment_block, api.record_kind, api.attribute, api.choice,
  api.workflow_state, api.workflow_transition, api.entry, api.entry_count
  to "operator", regulator, tax_service, registrar, auditor, dozir_readonly;
-- Of a representative the tax service and BI tools see no number, address or telephone of a person.
grant select (id, operator_id, taxpayer_number, email, phone) on registry.representative
  to "operator", regulator, registrar, auditor;
grant select on api.representative_private to "operator", regulator, registrar, auditor;
-- Applications and changes hold what is proposed of persons too.
grant select on registry.change, registry.change_event, api.change, api.change_event
  to "operator", regulator, registrar, auditor;
-- Of a key everything but what its secret could be tried against.
grant select (
  id, operator_id, key_id, label, mode, scopes, manual, created_at, expires_at, revoked_at,
  rows_per_s, burst_rows, bytes_per_s, burst_bytes, allowed_addresses, rotated_from
) on registry.access_key to "operator", regulator, registrar, auditor;
grant select on api.access_key to "operator", regulator, registrar, auditor;
-- Names for logs: of a person nothing but who it is and for whom.
grant select (id, role, operator_id, name_uk, name_en, organisation_uk, organisation_en)
  on identity.person to "operator", regulator, tax_service, registrar, auditor;
grant select on api.person to "operator", regulator, tax_service, registrar, auditor;

-- The ledger and its aggregates: not the registrar.
grant select on
  ledger.batch, ledger.cancellation, ledger.refusal, ledger.archive,
  rollup.hour, rollup.game_hour, rollup.day, rollup.ingest_hour,
  api.batch, api.cancellation, api.refusal, api.rollup_hour, api.rollup_game_hour, api.rollup_day,
  api.ingest_hour
  to "operator", regulator, tax_service, auditor, dozir_readonly;
-- The player's pseudonym: only the operator whose it is, and the regulator.
grant select on ledger.transaction, api.transaction, api.transaction_player
  to "operator", regulator;
grant select (
  occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
  channel_id, equipment_id, game_id, round_id, payment, flags, breach, cancels, cancel_reason,
  exclusion_receipt
) on ledger.transaction to tax_service, auditor, dozir_readonly;
grant select on api.transaction to tax_service, auditor, dozir_readonly;

-- What people read.
grant execute on function
  api.names(), api.object_names(integer[], integer[], integer[], integer[]), api.watermark()
  to "operator", regulator, tax_service, registrar, auditor, dozir_readonly;
grant execute on function
  api.stakes_and_winnings(date, date, text, integer[], smallint[], smallint),
  api.batches(
    integer[], timestamptz, timestamptz, bigint, integer, timestamptz, timestamptz, boolean),
  api.batch_detail(bigint),
  api.batch_transactions(bigint, integer, integer),
  api.transactions(
    timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint),
  api.refusals(integer[], bigint, integer, timestamptz, timestamptz),
  api.live_arrivals(integer, timestamptz, pg_snapshot, pg_snapshot, integer),
  api.live_money(date, integer)
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function api.access_keys() to "operator", regulator, registrar, auditor;
-- What waits for each of them; the parts are called with the caller's rights.
grant execute on function api.tasks_today()
  to "operator", regulator, tax_service, registrar, auditor;
grant execute on function api.tasks_of_arrival(text[]) to "operator", regulator;
grant execute on function api.tasks_of_streams() to "operator", regulator, auditor;
grant execute on function api.tasks_of_money(text[])
  to "operator", regulator, tax_service, auditor;
grant execute on function api.tasks_of_registry(text[])
  to "operator", regulator, registrar, auditor;
grant execute on function api.access_keys_in_use() to "operator", registrar;
grant execute on function api.batches_after(bigint, integer), api.registry_codes() to "operator";

-- Registers: lists, counts, records, history, search.
grant execute on function
  api.fold(text), api.registry_conditions(text, jsonb, text, timestamptz, text),
  api.registry_list(text, jsonb, text, text, boolean, text, boolean, integer, timestamptz),
  api.registry_facets(text, jsonb, text, timestamptz), api.registry_search(text, integer),
  api.registry_record(text, integer, timestamptz),
  api.registry_history(text, integer, integer, integer)
  to "operator", regulator, tax_service, registrar, auditor, dozir_readonly;
grant execute on function
  api.change_queue(text[], text, integer, text, bigint, integer), api.change_detail(bigint)
  to "operator", regulator, registrar, auditor;
grant execute on function api.operators_at_a_glance() to "operator", regulator, auditor;
grant execute on function api.access_key_use() to "operator", regulator, auditor;

-- What people change: each function asks the workflow whether the caller's role may.
grant execute on function
  api.check_change(text, text, integer, integer, jsonb),
  api.save_change(bigint, text, text, integer, integer, jsonb, integer, integer),
  api.step_change(bigint, text, text, integer)
  to "operator", regulator, registrar;
grant execute on function
  api.suspend_licence(integer, timestamptz, timestamptz, text), api.resume_licence(integer, text),
  api.revoke_licence(integer, text),
  api.set_licence_fee(smallint, bigint, smallint, date, text), api.block_equipment(integer, text, text),
  api.unblock_equipment(integer, text, text)
  to regulator, registrar;
grant execute on function
  api.create_access_key(integer, text, bytea, text, text, text[], boolean, timestamptz),
  api.rotate_access_key(integer, text, bytea, timestamptz),
  api.restrict_access_key(integer, text[], text[], timestamptz), api.revoke_access_key(integer)
  to "operator", registrar;
grant execute on function
  api.import_operator(jsonb),
  api.limit_access_key(integer, bigint, bigint, bigint, bigint)
  to registrar;

-- The portal as itself: sessions, whom an access key acts for, and how the server is.
grant execute on function
  api.demo_identities(),
  api.start_demo_session(integer, bytea, integer),
  api.session_person(bytea, integer, boolean),
  api.end_session(bytea),
  api.access_key_operator(integer, text, inet),
  api.applied_migrations(),
  api.operating_figures(),
  api.job_figures()
  to dozir_portal;

-- Ingest: COPY and its functions, and nothing to read.
grant usage on schema ledger to dozir_ingest;
grant insert on ledger.transaction to dozir_ingest;
grant execute on function
  ledger.find_access_key(text),
  ledger.open_batches(integer[], uuid[], bytea[], text[], bigint[], bigint[], text[]),
  ledger.accept_batches(jsonb, jsonb),
  ledger.find_duplicates(integer, uuid[]),
  ledger.check_batch(integer, uuid, bytea, text, bigint, bigint, inet),
  ledger.check_cancellations(integer, jsonb),
  ledger.take_allowance(integer, bigint, bigint, bigint, bigint, double precision),
  ledger.record_refusal(
    integer, uuid, text, bigint, smallint, text, integer, integer, integer, jsonb, jsonb,
    text)
  to dozir_ingest;

-- Recurring work: the runner calls, a DBA looks on, and one role makes chunks and nothing else.
grant usage on schema maintenance to dozir_jobs;
grant execute on function
  maintenance.due_job(), maintenance.begin_run(text),
  maintenance.end_run(bigint, text, text, bigint), maintenance.ask_stop(bigint),
  maintenance.stop_asked(bigint), maintenance.pause_job(text, boolean),
  maintenance.missing_chunks(), maintenance.make_chunk(date), maintenance.drop_oldest_day(),
  maintenance.unchecked_days(), maintenance.check_day(bigint, date),
  maintenance.clear_some_sessions(), maintenance.turn_some_states(integer),
  maintenance.note_drift(bigint)
  to dozir_jobs;
grant execute on procedure
  maintenance.make_chunks(bigint, bigint), maintenance.apply_retention(bigint, bigint),
  maintenance.check_rollups(bigint, bigint), maintenance.clear_sessions(bigint, bigint),
  maintenance.check_drift(bigint, bigint),
  maintenance.turn_states(bigint, bigint)
  to dozir_jobs;
grant select on
  maintenance.job, maintenance.run, maintenance.finding, api.job, api.job_run, api.job_finding
  to dozir_readonly;
grant usage on schema ledger to dozir_chunks;
grant select (occurred_at, operator_id), insert, delete on ledger.transaction to dozir_chunks;

-- The writer: what the definer functions it owns need, table by table.
grant usage on schema registry, identity, ledger, rollup, report, maintenance, api to dozir_writer;
grant select on
  registry.gambling_type, registry.currency, registry.operator, registry.operator_version,
  registry.licence, registry.licence_suspension, registry.channel, registry.equipment,
  registry.game, registry.access_key
  to dozir_writer;
grant insert on
  registry.operator, registry.licence, registry.licence_suspension, registry.channel,
  registry.venue, registry.website, registry.mobile_application, registry.equipment,
  registry.game, registry.access_key, registry.history
  to dozir_writer;
grant select, update on registry.venue, registry.website, registry.mobile_application to dozir_writer;
grant update on
  registry.operator, registry.licence, registry.licence_suspension, registry.channel, registry.equipment,
  registry.game
  to dozir_writer;
grant select, insert, update on
  registry.brand, registry.representative, registry.equipment_place, registry.equipment_block,
  registry.change, registry.entry, registry.entry_count
  to dozir_writer;
grant select, insert on registry.change_event to dozir_writer;
grant select, insert, update on registry.licence_fee to dozir_writer;
grant select on
  registry.licence_kind, registry.record_kind, registry.attribute, registry.choice,
  registry.workflow_state, registry.workflow_transition
  to dozir_writer;
grant insert, update on registry.operator_version to dozir_writer;
grant update (
  revoked_at, rows_per_s, burst_rows, bytes_per_s, burst_bytes, scopes, allowed_addresses, expires_at
) on registry.access_key to dozir_writer;
grant select on registry.key_limit to dozir_writer;
grant select, insert, update on registry.key_allowance to dozir_writer;
grant select on ledger.transaction, ledger.archive to dozir_writer;
grant select, insert on ledger.batch, ledger.cancellation to dozir_writer;
grant insert on ledger.refusal to dozir_writer;
grant select, insert, update on ledger.operator_head to dozir_writer;
grant usage on sequence ledger.batch_id to dozir_writer;
grant select, insert, update on rollup.hour, rollup.game_hour, rollup.day, rollup.ingest_hour
  to dozir_writer;
grant select, insert, update on identity.person to dozir_writer;
grant select, update on identity.mode to dozir_writer;
grant select, insert, update, delete on identity.session to dozir_writer;
grant select, update on maintenance.job to dozir_writer;
grant select, insert, update, delete on maintenance.run to dozir_writer;
grant select, insert on maintenance.finding to dozir_writer;
grant select on maintenance.setting, maintenance.recorded_object to dozir_writer;
grant execute on function
  report.check_rollups(timestamptz, timestamptz), maintenance.next_run(interval, time, timestamptz),
  maintenance.objects(), maintenance.drift(), maintenance.begin_run(text),
  maintenance.end_run(bigint, text, text, bigint)
  to dozir_writer;
grant execute on all routines in schema registry, identity, ledger, rollup to dozir_writer;
grant execute on function api.fold(text) to dozir_writer;
-- Which migrations there were: the portal is not ready before they are its own.
grant usage on schema migration to dozir_writer;
grant select on migration._yoyo_migration to dozir_writer;
