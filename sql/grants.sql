-- Who may what: revoke all, then the whole matrix. Last of all, in the same transaction as policies.
do $revoke$
declare
  every constant text :=
    'public, "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, '
    'administrator, dozir_writer, dozir_ingest, dozir_portal, dozir_sequencer, dozir_readonly, dozir_jobs, dozir_public, '
    'dozir_chunks';
  schema_name text;
begin
  foreach schema_name in array array[
    'registry', 'identity', 'ledger', 'rollup', 'report', 'protection', 'audit', 'maintenance',
    'blocking', 'open_data', 'api'
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
  "operator", regulator, tax_service, auditor, financial_monitoring, fairness, dozir_readonly, dozir_chunks;

-- The door: views and functions of api.
grant usage on schema api to
  "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator,
  dozir_portal, dozir_readonly;

-- Registers: everyone; rows are bound by policies.
grant select on
  registry.gambling_type, registry.currency, registry.operator, registry.licence,
  registry.licence_suspension, registry.channel, registry.venue, registry.website,
  registry.mobile_application, registry.equipment, registry.game, registry.history,
  registry.key_limit, api.key_limit,
  api.gambling_type, api.currency, api.operator, api.licence, api.licence_suspension, api.channel,
  api.equipment, api.game, api.registry_history
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, dozir_readonly;
-- Certificates are nobody's, and public.
grant select (number, product_id, issuer, standard, software_sha256, valid_from, valid_until)
  on registry.certificate
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant select on api.certificate to "operator", regulator, tax_service, auditor, dozir_readonly;
grant select on
  registry.licence_kind, registry.licence_fee, registry.brand, registry.equipment_place,
  registry.equipment_block, registry.record_kind, registry.attribute, registry.choice,
  registry.workflow_state, registry.workflow_transition, registry.entry, registry.entry_document,
  registry.entry_count, registry.operator_count,
  api.licence_kind, api.licence_fee, api.equipment_block, api.record_kind, api.attribute, api.choice,
  api.workflow_state, api.workflow_transition, api.entry, api.entry_document, api.entry_count,
  api.operator_count
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, dozir_readonly;
-- Of a representative the tax service and BI tools see no number, address or telephone of a person.
grant select (id, operator_id, taxpayer_number, email, phone) on registry.representative
  to "operator", regulator, registrar, auditor;
grant select on api.representative_private to "operator", regulator, registrar, auditor;
-- Applications and changes hold what is proposed of persons too.
grant select on
  registry.change, registry.change_event, registry.change_row, api.change, api.change_event, api.change_row
  to "operator", regulator, registrar, auditor;
-- Of a key everything but what its secret could be tried against.
grant select (
  id, operator_id, key_id, label, mode, scopes, manual, created_at, expires_at, revoked_at,
  rows_per_s, burst_rows, bytes_per_s, burst_bytes, allowed_addresses, rotated_from
) on registry.access_key to "operator", regulator, registrar, auditor;
grant select on api.access_key to "operator", regulator, registrar, auditor;
grant select on api.operator_integration to "operator", regulator, auditor;
-- Names for logs: of a person nothing but who it is and for whom.
grant select (id, role, operator_id, name_uk, name_en, organisation_uk, organisation_en)
  on identity.person
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant select on api.person
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
-- Who may what is no secret; who holds which role is for those who appoint and those who watch.
grant select on
  identity.role, identity.permission, identity.role_permission, api.role, api.permission,
  api.role_permission
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator,
  dozir_readonly;
-- The page on which one enters a demonstration says what the roles are.
grant select on identity.role, api.role to dozir_portal;
grant select on
  identity.appointment, identity.appointment_change, identity.appointment_event, api.appointment,
  api.appointment_change, api.appointment_event, api.official
  to "operator", regulator, tax_service, auditor, administrator;
grant select (tax_number) on identity.person to "operator", regulator, tax_service, auditor, administrator;
grant execute on function identity.may(text)
  to "operator", regulator, tax_service, auditor, administrator;
grant execute on function
  api.propose_appointment(text, integer, text, timestamptz, timestamptz, text, jsonb),
  api.decide_appointment(bigint, text, text)
  to regulator, tax_service;
grant execute on function api.set_portal_role(integer, text, text, text) to "operator";
-- Whom a colleague may give a change to: who has left is not among them.
grant select (active_from, active_until) on identity.person to regulator, registrar;
grant select on api.decider to regulator, registrar, dozir_writer;
grant execute on function identity.permissions_of(integer) to regulator, registrar;

-- The ledger and its aggregates: not the registrar.
grant select on
  ledger.batch, ledger.cancellation, ledger.refusal, ledger.archive,
  rollup.hour, rollup.game_hour, rollup.day, rollup.month, rollup.game_day, rollup.ingest_hour,
  rollup.play_day, rollup.play_month, rollup.equipment_month, rollup.mark_day, rollup.mark_month,
  rollup.market_mark_day,
  api.rollup_play_day, api.rollup_play_month, api.rollup_equipment_month, api.rollup_mark_day,
  api.rollup_mark_month, api.rollup_market_mark_day, api.counted_game_day,
  rollup.arrival_day, rollup.arrival_progress, api.arrival_day, api.arrival_progress,
  rollup.request_hour, rollup.request_day, api.request_hour, api.request_day,
  api.batch, api.cancellation, api.refusal, api.rollup_hour, api.rollup_game_hour, api.rollup_day,
  api.rollup_month, api.rollup_game_day, api.ingest_hour
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant select (operator_id, numbered_count, stream, several_streams, first_number, last_number)
  on ledger.operator_head
  to "operator", regulator, tax_service, auditor, dozir_readonly, financial_monitoring, fairness;
grant select on api.stream_head
  to "operator", regulator, tax_service, auditor, dozir_readonly, financial_monitoring, fairness;
grant select on rollup.round_day, rollup.matched_day, api.round_day, api.matched_day
  to "operator", regulator, auditor, dozir_readonly;
grant select on rollup.round_day, api.round_day to fairness;
grant select on rollup.return_day, rollup.return_month, api.return_day, api.return_month
  to "operator", regulator, auditor, dozir_readonly, fairness;
grant execute on function
  api.log_half_evidence(double precision, double precision, double precision),
  api.log_evidence(double precision, double precision, double precision)
  to "operator", regulator, auditor, dozir_readonly, fairness;
grant select on api.stake_band to "operator", regulator, auditor, dozir_readonly, fairness;
grant execute on function rollup.stake_bounds() to "operator", regulator, auditor, dozir_readonly, fairness;
grant execute on function
  api.games_counted_until(), api.equipment_played(date, date, integer[], timestamptz, boolean)
  to "operator", regulator, tax_service, auditor, dozir_readonly, financial_monitoring, fairness;
grant select on rollup.game_progress, api.game_progress
  to "operator", regulator, tax_service, auditor, dozir_readonly, financial_monitoring, fairness;
-- Accounts of players: counters alone, for those whose report they are; the rows behind them nobody's.
grant select on
  rollup.account_count, rollup.account_spread, rollup.account_cohort, rollup.cohort_sum,
  api.account_count, api.account_spread, api.account_cohort, api.cohort_sum
  to "operator", regulator, auditor, dozir_readonly;
grant select (grain, period_start, made_at) on rollup.player_period
  to "operator", regulator, auditor, dozir_readonly;
grant select on api.account_period to "operator", regulator, auditor, dozir_readonly;
grant select (counted_until, kept_from) on rollup.player_progress
  to "operator", regulator, auditor, dozir_readonly;
grant select on api.player_progress to "operator", regulator, auditor, dozir_readonly;
grant execute on function
  api.player_activity(date, date, text, text[], integer[], smallint, smallint),
  api.report_accounts(date, date, text[], integer[], smallint[], smallint, timestamptz),
  api.account_cohorts(date, date, integer[], smallint),
  api.report_cohorts(date, date, text[], integer[], smallint[], smallint)
  to "operator", regulator, auditor, dozir_readonly;
-- Deposits and withdrawals by amount: whoever reads cash flow.
grant select on
  rollup.cash_band_day, rollup.cash_day, report.amount_band, registry.cash_limit, api.amount_band,
  api.cash_band_day, api.cash_day, api.cash_progress, api.cash_limit
  to "operator", regulator, tax_service, auditor, financial_monitoring, dozir_readonly;
grant select (day, rules, made_at) on rollup.cash_progress
  to "operator", regulator, tax_service, auditor, financial_monitoring, dozir_readonly;
-- Which days are no longer here, and in which archive they are; archives' figures are the DBA's.
grant select on ledger.dropped_day, api.dropped_day
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant select on ledger.archived_day, api.archived_day to dozir_readonly;
-- The player's pseudonym: only the operator whose it is, and the regulator.
grant select on ledger.transaction, api.transaction, api.transaction_player
  to "operator", regulator;
grant select (
  occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
  channel_id, equipment_id, game_id, round_id, payment, flags, breach, cancels, cancel_reason,
  exclusion_receipt
) on ledger.transaction to tax_service, auditor, dozir_readonly;
grant select on api.transaction to tax_service, auditor, dozir_readonly;

-- Financial monitoring and the fairness unit: what their reports are made of, without players.
grant select on
  ledger.batch, rollup.hour, rollup.game_hour, rollup.day, rollup.month, rollup.game_day, ledger.dropped_day,
  rollup.play_day, rollup.play_month, rollup.equipment_month, rollup.mark_day, rollup.mark_month,
  rollup.market_mark_day,
  api.rollup_play_day, api.rollup_play_month, api.rollup_equipment_month, api.rollup_mark_day,
  api.rollup_mark_month, api.rollup_market_mark_day, api.counted_game_day,
  api.batch, api.rollup_hour, api.rollup_game_hour, api.rollup_day, api.rollup_month, api.rollup_game_day,
  api.dropped_day
  to financial_monitoring, fairness;
grant select on report.declared_day, report.declared_days, api.declared_day, api.declared_days
  to financial_monitoring;
-- One by one it is given deposits and withdrawals: see api.transactions.
grant select on ledger.cancellation, api.cancellation to financial_monitoring;
grant execute on function
  api.transactions(
    timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint,
    integer[], integer[], integer[], integer[], smallint, bigint, bigint, uuid),
  api.transaction_hours(
    timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
    integer[], integer[], smallint, integer),
  api.transaction_sums(
    timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
    integer[], integer[], smallint, bigint, bigint, uuid)
  to financial_monitoring;
grant select on ledger.refusal, api.refusal to financial_monitoring;
grant select (
  occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
  channel_id, equipment_id, game_id, round_id, payment, flags, breach, cancels, cancel_reason,
  exclusion_receipt
) on ledger.transaction to financial_monitoring, fairness;
grant select on api.transaction to financial_monitoring, fairness;

-- Taxes: the rates are everyone's who reckons with them, proposals those who decide and watch.
grant select on
  registry.tax_class, registry.tax_class_type, registry.tax_rate, api.tax_class, api.tax_class_type,
  api.tax_rate
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant select on registry.tax_rate_change, api.tax_rate_change to regulator, tax_service, auditor;
grant select on registry.tax_payment, api.tax_payment
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function api.tax_kind_key(text)
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function
  api.record_tax_payments(jsonb), api.take_back_tax_payment(bigint, text),
  api.propose_tax_rate(text, text, text, integer, text, text, date, date, text, text, text),
  api.decide_tax_rate(bigint, text, text, bigint)
  to tax_service;
grant execute on function
  api.tax_parts(date, date, timestamptz), api.tax_sums(date, date, integer[], smallint, timestamptz),
  api.tax_estimate(date, date, integer[], smallint, timestamptz)
  to "operator", regulator, tax_service, auditor, dozir_readonly;

-- What operators declare, and how it compares.
grant select on
  report.declaration_deadline, report.settlement_rule, report.declared_day, report.declared_month,
  rollup.open_bets, api.declaration_deadline, api.settlement_rule, api.declared_day, api.declared_month,
  api.open_bets, rollup.open_bet_record, api.open_bet_record, report.declared_days, api.declared_days
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function
  api.declare_day(date, smallint, smallint, bigint[], bigint[], bigint, bigint, bigint, text),
  api.declare_month(date, smallint, smallint, smallint, text, bigint, text)
  to "operator";
grant execute on function
  api.declared_and_observed(date, date, integer[], smallint, text, date, integer, integer),
  api.declaration_states(date, date, integer[], smallint),
  api.declared_months(date, date, integer[], smallint),
  api.settlement_bridge(integer, date, date, smallint)
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function
  api.open_bet_rows(integer, date, smallint, smallint, text, uuid, integer),
  api.open_bet_records(integer, date, smallint)
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function
  api.open_bet_records(integer, date, smallint), api.minute_rows(timestamptz, bigint)
  to dozir_writer;
grant select on api.transaction, api.batch, api.licence, api.settlement_rule to dozir_writer;

-- What the log publishes, and what witnesses and time-stamping authorities signed of it.
grant select on
  ledger.checkpoint, ledger.cosignature, ledger.trust_policy, ledger.quorum, ledger.timestamp_token,
  api.checkpoint, api.cosignature, api.trust_policy, api.quorum, api.timestamp_token
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function api.checkpoints(bigint, integer)
  to "operator", regulator, tax_service, auditor, dozir_readonly;

-- What people read.
grant execute on function
  api.names(), api.object_names(integer[], integer[], integer[], integer[]), api.watermark()
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, dozir_readonly;
grant execute on function
  api.batches(
    integer[], timestamptz, timestamptz, bigint, integer, timestamptz, timestamptz, boolean,
    integer[]),
  api.batch_detail(bigint),
  api.batch_transactions(bigint, integer, integer),
  api.transactions(
    timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint,
    integer[], integer[], integer[], integer[], smallint, bigint, bigint, uuid),
  api.transaction_hours(
    timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
    integer[], integer[], smallint, integer),
  api.transaction_sums(
    timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
    integer[], integer[], smallint, bigint, bigint, uuid),
  api.refusals(integer[], bigint, integer, timestamptz, timestamptz, integer[], text),
  api.live_arrivals(integer, timestamptz, pg_snapshot, pg_snapshot, integer),
  api.live_money(date, integer)
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant execute on function api.missing_numbers(integer, bigint, integer, timestamptz, timestamptz)
  to "operator", regulator, auditor, dozir_readonly;
-- Reports: the catalogue, what all of them are made of, and each for its readers.
grant select on
  report.report, report.measure, report.dimension, report.report_measure, report.report_dimension,
  api.report, api.measure, api.dimension, api.report_measure, api.report_dimension
  to "operator", regulator, tax_service, auditor, financial_monitoring, fairness, dozir_readonly;
grant execute on function
  api.total(bigint), api.total_histogram(bigint[]), api.minute_rows(timestamptz, bigint),
  api.lag_quantiles(bigint[], bigint),
  api.percent(bigint, bigint), api.ggr(bigint, bigint, bigint),
  api.rtp_percent(bigint, bigint, bigint), api.hold_percent(bigint, bigint, bigint),
  api.average(bigint, bigint), api.change_percent(bigint, bigint, bigint, bigint),
  api.report_key(
    text, date, timestamptz, integer, smallint, integer, integer, smallint, smallint, integer, integer),
  api.report_key_text(text, bigint), api.report_keys(text[], boolean, bigint, bigint, bigint),
  api.report_shift(date, date, text), api.report_days(text, bigint, date, date, interval),
  api.report_time_dimension(text[]), api.whole_months(date, date, boolean),
  api.report_check(
    text, date, date, text[], smallint[], integer[], integer[], integer[], timestamptz),
  api.report_flows(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
    text, integer, boolean),
  api.day_flows(
    date, date, text[], integer[], smallint[], integer[], smallint, text, boolean),
  api.play_flows(date, date, text[], integer[], integer[], smallint, boolean),
  api.operator_bit(integer), api.operator_block(integer),
  api.arrived_batches(timestamptz, timestamptz, integer[]),
  api.marked_hours(
    date, date, integer[], smallint[], integer[], integer[], smallint, integer),
  api.marked_rows(
    date, date, date, date, integer[], smallint[], integer[], integer[], smallint, integer),
  api.mark_flows(
    date, date, text[], integer[], smallint[], integer[], integer[], smallint, timestamptz, integer),
  api.report_watermark(), api.report_completeness(integer[], timestamptz),
  api.report_state(date, integer[], timestamptz)
  to "operator", regulator, tax_service, auditor, financial_monitoring, fairness, dozir_readonly;
grant execute on function
  api.report_declared(date, date, text[], integer[], smallint, timestamptz),
  api.report_bands(date, date, text[], integer[], smallint),
  api.report_cash(date, date, text[], integer[], timestamptz),
  api.amounts_counted(timestamptz, timestamptz, bigint, bigint)
  to "operator", regulator, tax_service, auditor, financial_monitoring, dozir_readonly;
grant execute on function
  api.report_r03(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r04(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r04_objects(
    date, date, text[], integer[], smallint[], integer[], integer[], smallint, timestamptz),
  api.report_r09(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r10(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r11(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
    text[])
  to "operator", regulator, tax_service, auditor, dozir_readonly;
grant select on api.channel_region to "operator", regulator, auditor, dozir_readonly;
grant execute on function
  api.market_months(date, date, smallint),
  api.region_flows(
    date, date, text[], integer[], smallint[], integer[], smallint, timestamptz, text),
  api.report_r01(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r02(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r05(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r06(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
    text[]),
  api.report_r07(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz),
  api.report_r08(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz)
  to "operator", regulator, auditor, dozir_readonly;
grant execute on function
  api.report_r06(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
    text[]),
  api.report_r10(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz)
  to financial_monitoring;
grant execute on function
  api.report_r05(
    date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz)
  to fairness;
grant execute on function api.row_leaves(bigint) to "operator", regulator, tax_service, auditor;
grant execute on function api.verification_findings() to regulator, auditor;
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
  api.fold(text), api.attribute_condition(text, text[]),
  api.registry_conditions(text, jsonb, text, timestamptz, boolean),
  api.registry_word_shares(text, text[]),
  api.registry_list(
    text, jsonb, text, text, boolean, text, boolean, integer, timestamptz, integer[]),
  api.registry_facets(text, jsonb, text, timestamptz, text, boolean, text, boolean, integer),
  api.registry_sort_type(text), api.place_condition(text, text, text, boolean, text),
  api.registry_search(text, integer),
  api.registry_record(text, integer, timestamptz),
  api.registry_history(text, integer, integer, integer)
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, dozir_readonly;
grant execute on function
  api.change_queue(text[], text, integer, text, bigint, integer, boolean), api.change_detail(bigint)
  to "operator", regulator, registrar, auditor;
grant execute on function
  api.operators_at_a_glance(text, text, text, boolean, text, boolean, integer),
  api.operators_by_integration(text)
  to "operator", regulator, auditor;
grant execute on function api.access_key_use(integer, integer) to "operator", regulator, auditor;

-- What people change: each function asks the workflow whether the caller's role may.
grant execute on function
  api.check_change(text, text, integer, integer, jsonb),
  api.save_change(bigint, text, text, integer, integer, jsonb, integer, integer),
  api.begin_rows(text, integer, text, jsonb), api.check_rows(bigint, integer),
  api.step_change(bigint, text, text, integer)
  to "operator", regulator, registrar;
grant execute on function
  api.suspend_licence(integer, timestamptz, timestamptz, text), api.resume_licence(integer, text),
  api.revoke_licence(integer, text), api.withdraw_suspension(integer, text),
  api.set_licence_fee(smallint, bigint, smallint, date, text, text),
  api.verify_licence_fee(integer, text), api.block_equipment(integer, text, text),
  api.unblock_equipment(integer, text, text), api.give_change(bigint, integer, text, integer)
  to regulator, registrar;
grant execute on function
  api.create_access_key(integer, text, bytea, text, text, text[], boolean, timestamptz, text[]),
  api.rotate_access_key(integer, text, bytea, timestamptz),
  api.restrict_access_key(integer, text[], text[], timestamptz), api.revoke_access_key(integer)
  to "operator", registrar;
grant execute on function
  api.import_operator(jsonb),
  api.limit_access_key(integer, bigint, bigint, bigint, bigint)
  to registrar;

-- Exports and saved views: everybody's own, by policies. With the salt nobody but the owner of the
-- database could try figures against what the log says.
grant select (
  id, made_at, person_id, role, operator_id, name, title, language, parameters, lines, as_of,
  row_count, format, sha256, request_id, entry_hash
) on audit.export
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant select on
  audit.export_job, identity.saved_view, api.export, api.export_job, api.saved_view
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant execute on function
  api.record_export(
    text, text, text, jsonb, jsonb, timestamptz, bigint, bytea, text, text),
  api.request_export(text, jsonb, text, text, text), api.cancel_export(uuid), api.see_export(uuid),
  api.save_view(text, text, jsonb, boolean), api.rename_view(bigint, text, boolean),
  api.remove_view(bigint, boolean)
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;

-- The trail: by policies; nobody but the owner of the database reads what keeps hashes from being guessed.
grant select (
  id, at, person_id, role, operator_id, concerns, kind, object, object_id, facts, request_id, address,
  told
) on audit.event
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant select on api.event
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant select on audit.event_kind, audit.reason_kind, api.event_kind, api.reason_kind
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator,
  dozir_readonly;
grant execute on function api.note(text, text, text, jsonb)
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator,
  dozir_portal;
grant execute on function api.note_view(bytea, text, text, jsonb, integer[])
  to "operator", regulator, tax_service, auditor, financial_monitoring;
grant execute on function api.state_reason(bytea, text, text)
  to regulator, tax_service, auditor, financial_monitoring;

-- Decisions are signed by whoever takes them; officials lock people out.
grant select (
  id, purpose, made_at, person_id, operator_id, object, object_id, content, content_sha256, cms,
  certificate, chain, signer, algorithm, signed_at, stamped_at, verdict, verified_at, trust
) on identity.signature to "operator", regulator, tax_service, registrar, auditor;
grant select on api.signature to "operator", regulator, tax_service, registrar, auditor;
grant execute on function
  api.keep_signature(
    uuid, bytea, text, jsonb, bytea, bytea, bytea[], integer, text, text, bytea, bytea)
  to "operator", regulator, tax_service, registrar;
grant select on identity.lock, api.access_lock to regulator, registrar, auditor;
grant execute on function api.lock_access(integer, integer, text), api.lift_lock(integer, text)
  to regulator, registrar;

-- Notices, subscriptions, the start page: everybody's own, by policies. Of a mail nobody reads what it
-- says or where it goes.
grant select (
  id, person_id, role, operator_id, kind, subject, facts, target, parameters, created_at, in_bell,
  read_at, by_mail, mailed_at
) on identity.notice
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant select (id, person_id, kind, created_at, state, attempt, next_at, ended_at) on identity.mail
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant select on
  identity.notice_kind, identity.notice_setting, identity.contact, identity.subscription,
  identity.delivery, identity.dashboard, api.notice, api.notice_kind, api.notice_setting, api.contact,
  api.subscription, api.delivery, api.mail, api.dashboard
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant execute on function
  api.read_notice(bigint, boolean), api.read_notices(bigint), api.set_notice(text, boolean, text),
  api.set_contact(text, text, integer),
  api.save_subscription(
    bigint, text, text, jsonb, text, integer, integer, integer, text, boolean),
  api.pause_subscription(bigint, boolean), api.stop_subscription(bigint),
  api.queue_mail(integer, text, text, text, text, text), api.arrange_dashboard(text[], text[])
  to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator;
grant execute on function
  api.morning_money(date, date, smallint), api.morning_arrivals(date, date)
  to "operator", regulator, tax_service, auditor;

-- The portal as itself: sessions, whom an access key acts for, and how the server is.
grant execute on function
  api.demo_identities(),
  api.issue_challenge(uuid, bytea, text, text, bytea, text, timestamptz),
  api.challenge(uuid, bytea, text, text, boolean),
  api.accept_login(uuid, bytea, jsonb, bytea, bytea, bytea[]),
  api.signed_people(bigint, bytea),
  api.start_session(bigint, bytea, integer, bytea, integer, text, inet),
  api.apply_as_newcomer(bigint, bytea),
  api.own_number(bytea), api.own_people(bytea), api.switch_session(bytea, bytea, integer),
  api.own_sessions(bytea, integer), api.end_own_sessions(bytea, bigint),
  api.session_person(bytea, integer, boolean),
  api.person_rights(integer),
  api.end_session(bytea),
  api.access_key_operator(integer, text, inet),
  api.count_requests(timestamptz[], integer[], integer[], text[], text[], bigint[], bigint[]),
  api.applied_migrations(),
  api.operating_figures(),
  api.job_figures(),
  api.batch_entries(bigint[]),
  api.last_verification(),
  api.log_figures(),
  api.knows_export(bytea),
  api.claim_export(integer), api.note_export(uuid, integer, bigint),
  api.end_export(uuid, integer, bigint, text, bigint, text), api.release_export(uuid, integer),
  api.kept_exports(),
  api.event_entry(bigint),
  api.claim_subscription(integer),
  api.end_delivery(bigint, integer, text, jsonb, text, jsonb, uuid), api.take_notices_to_mail(),
  api.queue_mail(integer, text, text, text, text, text), api.claim_mail(integer),
  api.end_mail(uuid, integer, text, integer), api.mail_figures(),
  api.confirm_contact(integer, text), api.stop_mail(integer), api.stop_subscription(bigint)
  to dozir_portal;
-- Links and mails name kinds of notices in their reader's language.
grant select on identity.notice_kind, api.notice_kind to dozir_portal;

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

-- The sequencer: its functions, and nothing to read.
grant usage on schema ledger to dozir_sequencer;
grant execute on function
  ledger.log_state(), ledger.unsequenced_entries(integer), ledger.sequence_entries(bigint[]),
  ledger.leaves(bigint, integer),
  ledger.record_checkpoint(bigint, bytea, text, timestamptz),
  ledger.record_log_key(text, text, timestamptz, timestamptz), ledger.log_keys(),
  ledger.note_log_refusal(text)
  to dozir_sequencer;
-- What witnesses and time-stamping authorities signed.
grant execute on function
  ledger.record_cosignature(bigint, bytea, text, text, timestamptz, text),
  ledger.adopt_policy(text), ledger.record_quorum(bigint, integer),
  ledger.record_timestamp(bigint, bytea, text, text, timestamptz, bytea), ledger.last_timestamps()
  to dozir_sequencer;

-- Recurring work: the runner calls, a DBA looks on, and one role makes chunks and nothing else.
grant usage on schema maintenance to dozir_jobs;
grant execute on function
  maintenance.due_job(boolean), maintenance.begin_run(text),
  maintenance.end_run(bigint, text, text, bigint), maintenance.ask_stop(bigint),
  maintenance.stop_asked(bigint), maintenance.pause_job(text, boolean),
  maintenance.missing_chunks(), maintenance.make_chunk(date), maintenance.drop_oldest_day(),
  maintenance.unchecked_days(), maintenance.check_day(bigint, date),
  maintenance.clear_some_sessions(), maintenance.turn_some_states(integer),
  maintenance.note_drift(bigint), maintenance.note_verification(bigint),
  maintenance.count_some_games(timestamptz), maintenance.count_some_arrivals(timestamptz),
  maintenance.count_some_rounds(timestamptz, interval),
  maintenance.count_some_players(integer), maintenance.close_some_players(), maintenance.close_some_cash(),
  maintenance.drop_some_players(),
  maintenance.measure_next_open_bets(), maintenance.clear_some_exports(),
  maintenance.seal_some_events(),
  maintenance.raise_expiring(), maintenance.raise_returned(), maintenance.raise_missing(),
  maintenance.clear_some_notices(), maintenance.publish_some_blocked()
  to dozir_jobs;
grant execute on procedure
  maintenance.make_chunks(bigint, bigint), maintenance.apply_retention(bigint, bigint),
  maintenance.check_rollups(bigint, bigint), maintenance.clear_sessions(bigint, bigint),
  maintenance.check_drift(bigint, bigint),
  maintenance.turn_states(bigint, bigint), maintenance.verify_ledger(bigint, bigint),
  maintenance.count_games(bigint, bigint), maintenance.count_arrivals(bigint, bigint),
  maintenance.count_rounds(bigint, bigint),
  maintenance.count_players(bigint, bigint), maintenance.close_players(bigint, bigint),
  maintenance.close_cash(bigint, bigint),
  maintenance.drop_players(bigint, bigint),
  maintenance.measure_open_bets(bigint, bigint), maintenance.clear_exports(bigint, bigint),
  maintenance.seal_events(bigint, bigint),
  maintenance.raise_notices(bigint, bigint), maintenance.clear_notices(bigint, bigint),
  maintenance.publish_blocked(bigint, bigint)
  to dozir_jobs;
grant select on
  maintenance.job, maintenance.run, maintenance.finding, api.job, api.job_run, api.job_finding
  to dozir_readonly;
grant usage on schema ledger to dozir_chunks;
grant select (occurred_at, operator_id), insert, delete on ledger.transaction to dozir_chunks;

-- Everyone: views of open_data, with just the columns that they show; no other schema can be named.
grant usage on schema open_data to dozir_public;
grant select on
  open_data.dataset, open_data.field, open_data.operators, open_data.licences, open_data.licence_suspensions,
  open_data.brands, open_data.venues, open_data.websites, open_data.applications, open_data.equipment_counts,
  open_data.suppliers, open_data.products, open_data.certificates, open_data.blocked_sites,
  open_data.market_months
  to dozir_public;
grant select (id, code, name_uk, name_en, taxpayer_code, active_from, active_until) on registry.operator
  to dozir_public;
grant select (id, operator_id, number, licence_kind_id, valid_from, valid_until, revoked_at)
  on registry.licence
  to dozir_public;
grant select (licence_id, suspended_from, suspended_until, withdrawn_at) on registry.licence_suspension
  to dozir_public;
grant select (id, code, name_uk, name_en) on registry.licence_kind, registry.gambling_type to dozir_public;
grant select (id, operator_id, code, name_uk, name_en, active_from, active_until) on registry.brand
  to dozir_public;
grant select (id, operator_id, name_uk, name_en, active_from, active_until) on registry.channel
  to dozir_public;
grant select (channel_id, region, address, opening_hours, purpose) on registry.venue to dozir_public;
grant select (channel_id, domain, domain_unicode, brand_id) on registry.website to dozir_public;
grant select (channel_id, platform, store_identifier, store_url) on registry.mobile_application
  to dozir_public;
grant select (operator_id, kind, state) on registry.equipment to dozir_public;
grant select (id, code, name_uk, name_en, country, supplies, licence_number, valid_from, valid_until)
  on registry.supplier to dozir_public;
grant select (id, code, supplier_id, name, version, product_kind, software_sha256, active_from, active_until)
  on registry.product to dozir_public;
grant select (number, product_id, issuer, standard, software_sha256, valid_from, valid_until)
  on registry.certificate to dozir_public;
grant select (address, site_kind, order_number, order_date, blocked_from, blocked_until)
  on registry.blocked_site to dozir_public;
grant execute on function
  open_data.version(), open_data.site_verdict(text, text), open_data.blocked_list(bigint),
  open_data.blocked_changes(bigint, integer), open_data.report_applied(bytea, bigint),
  open_data.complain(text, text, text, text, text, text, text, bytea), open_data.complaint_state(text),
  api.market_months(date, date, smallint)
  to dozir_public;
-- The tracker: how far licensees are connected.
grant select on registry.connection_deadline, api.connection_deadline
  to "operator", regulator, auditor, dozir_readonly;
grant execute on function api.integration(integer[]) to "operator", regulator, auditor, dozir_readonly;
grant execute on function
  api.set_deadline(text, date, integer, text, text), api.verify_deadline(integer, text),
  api.set_cash_limit(text, date, bigint, text, text), api.verify_cash_limit(integer, text)
  to regulator;
grant select, insert, update on registry.connection_deadline, registry.cash_limit to dozir_writer;
-- Who keeps the list of blocked addresses.
grant select on blocking.change, blocking.compliance, api.blocked_change, api.compliance
  to regulator, registrar, auditor, dozir_readonly;
grant select on blocking.complaint, api.complaint to regulator, registrar;
grant execute on function
  api.decide_complaint(bigint, text, text), api.note_compliance(integer, text, integer, text),
  api.make_provider_key(integer, bytea), api.revoke_provider_key(integer)
  to regulator, registrar;
grant select on registry.provider, api.provider_standing to regulator, registrar, auditor;
grant select (id, provider_id, made_at, revoked_at) on blocking.provider_key to regulator, registrar, auditor;
grant select on api.provider_key to regulator, registrar, auditor;
grant select, insert on blocking.change, blocking.compliance to dozir_writer;
grant select, insert, update on blocking.provider_key, blocking.complaint to dozir_writer;
grant select, insert, update, delete on blocking.intake to dozir_writer;
grant select (id) on registry.history to dozir_writer;
grant execute on function
  blocking.is_site_address(text), blocking.host_of(text), blocking.looks_of(text),
  blocking.licensed_under(text),
  blocking.publish(), blocking.admit(bytea), open_data.site_verdict(text, text)
  to dozir_writer;

-- The writer: what the definer functions it owns need, table by table.
grant usage on schema
  registry, identity, ledger, rollup, report, audit, maintenance, blocking, open_data, api
  to dozir_writer;
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
  registry.supplier, registry.product, registry.certificate, registry.blocked_site, registry.provider,
  registry.change, registry.change_row, registry.entry, registry.entry_document, registry.entry_count,
  registry.operator_count
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
grant usage on sequence ledger.batch_id, ledger.entry_id to dozir_writer;
grant select on ledger.log, ledger.verification, ledger.earlier_batch, ledger.dropped_leaf to dozir_writer;
grant update (refusal_count, refused_at, refused_because) on ledger.log to dozir_writer;
grant select, insert on ledger.entry, ledger.leaf to dozir_writer;
grant select, insert, delete on ledger.unsequenced to dozir_writer;
grant select, insert, update, delete on ledger.checkpoint to dozir_writer;
grant select, insert, update on ledger.log_key to dozir_writer;
grant select on ledger.verification to dozir_writer;
grant select, insert on
  ledger.cosignature, ledger.trust_policy, ledger.quorum, ledger.timestamp_token
  to dozir_writer;
grant select, insert, update on
  rollup.hour, rollup.game_hour, rollup.day, rollup.month, rollup.game_day, rollup.game_progress,
  rollup.play_day, rollup.play_month, rollup.equipment_month, rollup.mark_day, rollup.mark_month,
  rollup.market_mark_day,
  rollup.ingest_hour, rollup.arrival_day, rollup.arrival_progress, rollup.open_bets,
  rollup.request_hour, rollup.request_day
  to dozir_writer;
grant select, insert, delete on rollup.open_bet_record to dozir_writer;
grant select, insert, update, delete on
  rollup.round_day, rollup.return_day, rollup.return_month, rollup.matched_day, rollup.round_due,
  rollup.round_progress,
  rollup.player_day, rollup.account_count, rollup.account_spread, rollup.account_cohort, rollup.cohort_sum,
  rollup.cash_band_day, rollup.cash_day, rollup.cash_progress, rollup.player_period, rollup.player_progress
  to dozir_writer;
grant select, insert on registry.tax_rate, registry.tax_rate_change to dozir_writer;
grant update (recorded_until) on registry.tax_rate to dozir_writer;
grant select, insert on registry.tax_payment to dozir_writer;
grant update (recorded_until, taken_back_by, taken_back_reason) on registry.tax_payment to dozir_writer;
grant update (state, decided_at, decided_by, decided_person, decision_reason)
  on registry.tax_rate_change to dozir_writer;
grant select on report.settlement_rule, report.amount_band to dozir_writer;
grant select, insert on report.declared_day, report.declared_month to dozir_writer;
grant select, insert, update on report.declared_days to dozir_writer;
grant select, insert, update on identity.person, identity.appointment to dozir_writer;
grant select, insert on identity.appointment_change, identity.appointment_event to dozir_writer;
grant update (appointment_id, state, decided_at, decided_by, decided_person, decision_reason)
  on identity.appointment_change to dozir_writer;
grant select on identity.role, identity.permission, identity.role_permission to dozir_writer;
grant select, update on identity.mode to dozir_writer;
grant select, insert, update, delete on identity.session, identity.challenge to dozir_writer;
grant select, insert on identity.signature to dozir_writer;
grant select, insert, update on identity.lock to dozir_writer;
grant select, insert, update, delete on identity.saved_view, audit.export_job to dozir_writer;
grant select, insert, update, delete on
  identity.notice, identity.notice_setting, identity.contact, identity.subscription, identity.delivery,
  identity.mail, identity.mail_attempt, identity.dashboard
  to dozir_writer;
grant select on identity.notice_kind to dozir_writer;
grant select, insert on audit.export to dozir_writer;
grant select, insert on audit.event, audit.seal, audit.sealed_event to dozir_writer;
grant select on audit.event_kind, audit.reason_kind to dozir_writer;
grant select, insert, update, delete on audit.excess to dozir_writer;
grant usage on sequence audit.export_id_seq, audit.event_id_seq, audit.seal_id_seq to dozir_writer;
grant select, update on maintenance.job to dozir_writer;
grant select, insert, update, delete on maintenance.run to dozir_writer;
grant select, insert on maintenance.finding to dozir_writer;
grant select on maintenance.setting, maintenance.recorded_object to dozir_writer;
grant execute on function
  report.check_period(integer, date, smallint), report.next_version(smallint, smallint, text),
  report.recount_declared_days(date, date, integer[]),
  report.check_rollups(timestamptz, timestamptz), report.check_players(timestamptz, timestamptz),
  report.check_rounds(timestamptz, timestamptz),
  report.player_days(timestamptz, timestamptz), maintenance.next_run(interval, time, timestamptz),
  maintenance.objects(), maintenance.drift(), maintenance.begin_run(text),
  maintenance.end_run(bigint, text, text, bigint)
  to dozir_writer;
grant execute on all routines in schema registry, identity, ledger, rollup, audit to dozir_writer;
grant execute on function
  api.fold(text), api.signed_people(bigint, bytea), api.own_people(bytea), api.report_watermark(),
  api.operator_bit(integer), api.operator_block(integer)
  to dozir_writer;
-- Which migrations there were: the portal is not ready before they are its own.
grant usage on schema migration to dozir_writer;
grant select on migration._yoyo_migration to dozir_writer;
