-- Everything that may run again, in order; runs with `psql -f sql/load.sql` as dozir_migrator too.
-- `dozir migrate` runs it after the numbered migrations, in one transaction.
begin;
-- Shorter than deadlock_timeout: whoever waits for us is never made the victim, we give up first
-- and `dozir migrate` tries again. The first table is the first that a batch reads: once we hold
-- it no batch is under way, and new ones wait before they hold anything.
set local lock_timeout = '700ms';
lock table
  registry.access_key, registry.operator, registry.licence, registry.licence_suspension,
  registry.channel, registry.venue, registry.website, registry.mobile_application,
  registry.equipment, registry.game, registry.gambling_type, registry.currency,
  registry.operator_version, registry.history, registry.key_limit, registry.key_allowance,
  registry.licence_kind, registry.licence_fee, registry.brand, registry.representative,
  registry.equipment_place, registry.equipment_block, registry.supplier, registry.product,
  registry.certificate, registry.blocked_site, registry.provider,
  registry.connection_deadline, registry.cash_limit, blocking.change, blocking.provider_key,
  blocking.compliance, blocking.complaint, blocking.intake, open_data.dataset, open_data.field,
  registry.record_kind, registry.attribute,
  registry.choice, registry.workflow_state, registry.workflow_transition, registry.change,
  registry.change_event, registry.change_row, registry.entry, registry.entry_document, registry.entry_count,
  registry.operator_count,
  ledger.batch, ledger.archive, ledger.transaction, ledger.cancellation,
  ledger.refusal, ledger.operator_head, ledger.log, ledger.entry, ledger.unsequenced,
  ledger.trust_policy, ledger.quorum, ledger.leaf, ledger.earlier_batch, ledger.restored_batch,
  ledger.checkpoint, ledger.cosignature, ledger.timestamp_token, ledger.log_key,
  ledger.verification, ledger.archived_day, ledger.dropped_day, ledger.dropped_leaf,
  rollup.hour, rollup.game_hour, rollup.day, rollup.month, rollup.game_day, rollup.game_progress,
  rollup.play_day, rollup.play_month, rollup.equipment_month, rollup.mark_day, rollup.mark_month,
  rollup.market_mark_day, rollup.ingest_hour, rollup.arrival_day, rollup.arrival_progress,
  rollup.ingest_hour, rollup.arrival_day, rollup.arrival_progress, rollup.request_hour, rollup.request_day,
  rollup.round_day, rollup.matched_day, rollup.round_due, rollup.round_progress,
  rollup.player_day, rollup.account_count, rollup.account_spread,
  rollup.account_cohort, rollup.cohort_sum, rollup.cash_band_day, rollup.cash_day, rollup.cash_progress,
  rollup.player_period, rollup.player_progress, rollup.open_bets, rollup.open_bet_record,
  registry.tax_class, registry.tax_class_type, registry.tax_rate, registry.tax_rate_change,
  registry.tax_payment,
  report.declaration_deadline, report.settlement_rule, report.declared_day, report.declared_month,
  report.declared_days,
  report.report, report.measure, report.dimension, report.report_measure, report.report_dimension,
  report.amount_band,
  identity.mode, identity.person, identity.session, identity.saved_view, audit.export,
  audit.export_job, audit.event, audit.event_kind, audit.reason_kind, audit.seal, audit.sealed_event,
  audit.excess,
  identity.mode, identity.person, identity.session, identity.saved_view, identity.role,
  identity.permission, identity.role_permission, identity.appointment, identity.appointment_change,
  identity.appointment_event, audit.export, audit.export_job,
  identity.mode, identity.person, identity.session, identity.saved_view, identity.challenge,
  identity.signature, identity.lock, audit.export,
  audit.export_job,
  audit.export_job, identity.notice_kind, identity.notice, identity.notice_setting, identity.contact,
  identity.subscription, identity.delivery, identity.mail, identity.mail_attempt, identity.dashboard,
  maintenance.job, maintenance.run, maintenance.finding, maintenance.setting,
  maintenance.recorded_object, maintenance.applied_file
  in access exclusive mode;
set local lock_timeout = '10s';
set local statement_timeout = '5min';
-- The writer must be able to own functions here while they are handed to it; revoked in grants.sql.
grant create, usage on schema
  registry, identity, ledger, rollup, report, audit, maintenance, blocking, open_data, api
  to dozir_writer;
-- grants.sql took EXECUTE on its own functions from it: who may not execute may not replace either.
grant execute on all routines in schema
  registry, identity, ledger, rollup, report, audit, maintenance, blocking, open_data, api
  to dozir_writer;

-- Functions, each after what it names.
\ir api/functions/fold.sql
\ir registry/functions/is_within.sql
\ir registry/functions/caller_role.sql
\ir registry/functions/own_operator.sql
\ir registry/functions/own_person.sql
\ir audit/functions/note.sql
\ir identity/functions/role_of.sql
\ir identity/functions/permissions_of.sql
\ir identity/functions/may.sql
\ir identity/functions/check_permission.sql
\ir registry/functions/check_own_operator.sql
\ir registry/functions/check_power.sql
\ir registry/functions/is_edrpou.sql
\ir registry/functions/is_rnokpp.sql
\ir registry/functions/decode_punycode.sql
\ir registry/functions/domain_unicode.sql
\ir registry/functions/domain_skeleton.sql
\ir registry/functions/record_parts.sql
\ir registry/functions/record_documents.sql
\ir registry/functions/record_state.sql
\ir registry/functions/index_records.sql
\ir registry/functions/index_changed.sql
\ir registry/functions/reindex_kind.sql
\ir registry/functions/index_missing.sql
\ir registry/functions/count_entries.sql
\ir registry/functions/recount_entries.sql
\ir registry/functions/sum_counts.sql
\ir registry/functions/resum_counts.sql
\ir registry/functions/count_changes.sql
\ir registry/functions/recount_changes.sql
\ir registry/functions/record_history.sql
\ir registry/functions/move_version.sql
\ir registry/functions/refuse_delete.sql
\ir registry/functions/refuse_identity_change.sql
\ir registry/functions/place_website.sql
\ir registry/functions/place_equipment.sql
\ir registry/functions/place_suspension.sql
\ir registry/functions/keep_places.sql
\ir registry/functions/keep_person.sql
\ir registry/functions/set_licence_type.sql
\ir registry/functions/admit_applicant.sql
\ir registry/functions/check_value.sql
\ir registry/functions/check_record.sql
\ir registry/functions/check_change.sql
\ir registry/functions/record_keys.sql
\ir registry/functions/check_rows.sql
\ir registry/functions/refuse_rows.sql
\ir registry/functions/record_columns.sql
\ir registry/functions/insert_records.sql
\ir registry/functions/apply_change.sql
\ir registry/functions/note_event.sql
\ir registry/functions/lock_change.sql
\ir registry/functions/save_change.sql
\ir registry/functions/begin_rows.sql
\ir registry/functions/text_hash.sql
\ir registry/functions/enter_decision.sql
\ir registry/functions/set_licence_fee.sql
\ir registry/functions/verify_licence_fee.sql
\ir registry/functions/step_change.sql
\ir registry/functions/give_change.sql
\ir registry/functions/refuse_rate_change.sql
\ir registry/functions/tax_rate_facts.sql
\ir registry/functions/tax_payment_faults.sql
\ir registry/functions/lock_licence.sql
\ir registry/functions/suspend_licence.sql
\ir registry/functions/withdraw_suspension.sql
\ir registry/functions/resume_licence.sql
\ir registry/functions/revoke_licence.sql
\ir registry/functions/block_equipment.sql
\ir registry/functions/unblock_equipment.sql
\ir registry/functions/create_access_key.sql
\ir registry/functions/rotate_access_key.sql
\ir registry/functions/restrict_access_key.sql
\ir registry/functions/revoke_access_key.sql
\ir registry/functions/limit_access_key.sql
\ir registry/functions/import_operator.sql
\ir ledger/functions/shard.sql
\ir ledger/functions/microseconds.sql
\ir ledger/functions/moment.sql
\ir ledger/functions/id_time.sql
\ir ledger/functions/type_name.sql
\ir ledger/functions/decimal_string.sql
\ir ledger/functions/rfc3339.sql
\ir ledger/functions/refuse_change.sql
\ir ledger/functions/access_key_refusal.sql
\ir ledger/functions/check_access_key.sql
\ir ledger/functions/find_transactions.sql
\ir ledger/functions/find_duplicates.sql
\ir ledger/functions/operator_codes.sql
\ir ledger/functions/find_access_key.sql
\ir ledger/functions/find_receipt.sql
\ir ledger/functions/oldest_accepted.sql
\ir ledger/functions/open_batches.sql
\ir ledger/functions/check_batch.sql
\ir ledger/functions/judge_cancellations.sql
\ir ledger/functions/record_cancellations.sql
\ir ledger/functions/check_cancellations.sql
\ir ledger/functions/take_allowance.sql
\ir ledger/functions/short_text.sql
\ir ledger/functions/unix_moment.sql
\ir ledger/functions/batch_body.sql
\ir ledger/functions/append_entry.sql
\ir ledger/functions/append_document.sql
\ir ledger/functions/log_state.sql
\ir ledger/functions/unsequenced_entries.sql
\ir ledger/functions/sequence_entries.sql
\ir ledger/functions/leaves.sql
\ir ledger/functions/is_vouched_for.sql
\ir ledger/functions/record_checkpoint.sql
\ir ledger/functions/record_log_key.sql
\ir ledger/functions/log_keys.sql
\ir ledger/functions/note_log_refusal.sql
\ir ledger/functions/keep_checkpoint.sql
\ir ledger/functions/record_cosignature.sql
\ir ledger/functions/adopt_policy.sql
\ir ledger/functions/record_quorum.sql
\ir ledger/functions/record_timestamp.sql
\ir ledger/functions/last_timestamps.sql
\ir ledger/functions/receipt.sql
\ir ledger/functions/enter_earlier_batch.sql
\ir ledger/functions/recount_batches.sql
\ir rollup/functions/add_histograms.sql
\ir rollup/functions/count_batches.sql
\ir rollup/functions/count_refusal.sql
\ir rollup/functions/recount_hour.sql
\ir rollup/functions/recount_game_hour.sql
\ir rollup/functions/recount_day.sql
\ir rollup/functions/recount_month.sql
\ir rollup/functions/recount_game_day.sql
\ir rollup/functions/recount_play_day.sql
\ir rollup/functions/recount_play_month.sql
\ir rollup/functions/recount_equipment_month.sql
\ir rollup/functions/recount_mark_day.sql
\ir rollup/functions/recount_mark_month.sql
\ir rollup/functions/recount_market_mark_day.sql
\ir rollup/functions/rebuild.sql
\ir rollup/functions/count_transactions.sql
\ir rollup/functions/player_day_closes.sql
\ir rollup/functions/last_closed_day.sql
\ir rollup/functions/loss_steps.sql
\ir rollup/functions/periods_of.sql
\ir rollup/functions/period_end.sql
\ir rollup/functions/new_player_rows.sql
\ir rollup/functions/add_players.sql
\ir rollup/functions/counted_batches.sql
\ir rollup/functions/recount_player_day.sql
\ir rollup/functions/recount_accounts.sql
\ir rollup/functions/spread_accounts.sql
\ir rollup/functions/account_cohorts.sql
\ir rollup/functions/cohort_sums.sql
\ir rollup/functions/cash_limits.sql
\ir rollup/functions/cash_rules.sql
\ir rollup/functions/recount_cash_day.sql
\ir rollup/functions/recount_cash_bands.sql
\ir rollup/functions/rebuild_counts.sql
\ir rollup/functions/rebuild_players.sql
\ir ledger/functions/accept_batches.sql
\ir ledger/functions/record_refusal.sql
\ir ledger/functions/row_leaf.sql
\ir ledger/functions/day_figures.sql
\ir ledger/functions/enter_retention.sql
\ir ledger/functions/drop_until.sql
\ir ledger/functions/archive_until.sql
\ir rollup/functions/measure_open_bets.sql
\ir rollup/functions/stake_bounds.sql
\ir rollup/functions/round_multiple.sql
\ir rollup/functions/recount_round_day.sql
\ir rollup/functions/return_days.sql
\ir rollup/functions/return_months.sql
\ir rollup/functions/count_round_day.sql
\ir report/functions/check_period.sql
\ir report/functions/next_version.sql
\ir report/functions/recount_declared_days.sql
\ir report/functions/count_declarations.sql
\ir report/functions/check_rollups.sql
\ir report/functions/player_days.sql
\ir report/functions/check_players.sql
\ir report/functions/check_rounds.sql
\ir rollup/functions/rebuild_rounds.sql
\ir report/functions/check_receipts.sql
\ir report/functions/check_records.sql
\ir identity/functions/appointable.sql
\ir identity/functions/managed_person.sql
\ir identity/functions/appointment_facts.sql
\ir identity/functions/note_appointment.sql
\ir identity/functions/carry_out_appointment.sql
\ir identity/functions/appoint_first.sql
\ir identity/functions/invented_tax_number.sql
\ir identity/functions/start_demo.sql
\ir identity/functions/is_locked.sql
\ir identity/functions/keep_evidence.sql
\ir identity/functions/demand_signature.sql
\ir identity/functions/signed_in.sql
\ir audit/functions/record_export.sql
\ir audit/functions/knows_export.sql
\ir audit/functions/request_export.sql
\ir audit/functions/cancel_export.sql
\ir audit/functions/see_export.sql
\ir audit/functions/claim_export.sql
\ir audit/functions/note_export.sql
\ir audit/functions/end_export.sql
\ir audit/functions/release_export.sql
\ir audit/functions/kept_exports.sql
\ir audit/functions/note_bounded.sql
\ir audit/functions/state_reason.sql
\ir audit/functions/note_view.sql
\ir audit/functions/text_field.sql
\ir audit/functions/event_tuple.sql
\ir audit/functions/event_leaf.sql
\ir audit/functions/tell_excess.sql
\ir audit/functions/seal_events.sql
\ir identity/functions/save_view.sql
\ir identity/functions/rename_view.sql
\ir identity/functions/remove_view.sql
\ir identity/functions/is_entitled.sql
\ir identity/functions/next_delivery.sql
\ir identity/functions/add_notice.sql
\ir identity/functions/note_export_end.sql
\ir identity/functions/read_notice.sql
\ir identity/functions/read_notices.sql
\ir identity/functions/set_notice.sql
\ir identity/functions/set_contact.sql
\ir identity/functions/confirm_contact.sql
\ir identity/functions/stop_mail.sql
\ir identity/functions/save_subscription.sql
\ir identity/functions/pause_subscription.sql
\ir identity/functions/stop_subscription.sql
\ir identity/functions/end_delivery.sql
\ir identity/functions/claim_subscription.sql
\ir identity/functions/take_notices_to_mail.sql
\ir identity/functions/queue_mail.sql
\ir identity/functions/claim_mail.sql
\ir identity/functions/end_mail.sql
\ir identity/functions/mail_figures.sql
\ir identity/functions/arrange_dashboard.sql
\ir maintenance/functions/next_run.sql
\ir maintenance/functions/due_job.sql
\ir maintenance/functions/begin_run.sql
\ir maintenance/functions/end_run.sql
\ir maintenance/functions/ask_stop.sql
\ir maintenance/functions/stop_asked.sql
\ir maintenance/functions/pause_job.sql
\ir maintenance/functions/objects.sql
\ir maintenance/functions/drift.sql
\ir maintenance/functions/note_drift.sql
\ir maintenance/functions/check_drift.sql
\ir maintenance/functions/missing_chunks.sql
\ir maintenance/functions/make_chunks.sql
\ir blocking/functions/is_site_address.sql
\ir blocking/functions/host_of.sql
\ir blocking/functions/looks_of.sql
\ir blocking/functions/licensed_under.sql
\ir blocking/functions/publish.sql
\ir blocking/functions/publish_changed.sql
\ir blocking/functions/guard_site.sql
\ir blocking/functions/admit.sql
\ir open_data/functions/version.sql
\ir open_data/functions/site_verdict.sql
\ir open_data/functions/blocked_list.sql
\ir open_data/functions/blocked_changes.sql
\ir open_data/functions/report_applied.sql
\ir open_data/functions/complain.sql
\ir open_data/functions/complaint_state.sql
\ir maintenance/functions/drop_oldest_day.sql
\ir maintenance/functions/apply_retention.sql
\ir maintenance/functions/check_day.sql
\ir maintenance/functions/unchecked_days.sql
\ir maintenance/functions/check_rollups.sql
\ir maintenance/functions/clear_some_sessions.sql
\ir maintenance/functions/clear_sessions.sql
\ir maintenance/functions/clear_some_exports.sql
\ir maintenance/functions/clear_exports.sql
\ir maintenance/functions/turn_some_states.sql
\ir maintenance/functions/turn_states.sql
\ir maintenance/functions/note_verification.sql
\ir maintenance/functions/verify_ledger.sql
\ir maintenance/functions/count_some_games.sql
\ir maintenance/functions/count_games.sql
\ir maintenance/functions/count_some_arrivals.sql
\ir maintenance/functions/count_arrivals.sql
\ir maintenance/functions/count_some_rounds.sql
\ir maintenance/functions/count_rounds.sql
\ir maintenance/functions/count_some_players.sql
\ir maintenance/functions/count_players.sql
\ir maintenance/functions/close_some_players.sql
\ir maintenance/functions/close_players.sql
\ir maintenance/functions/close_some_cash.sql
\ir maintenance/functions/close_cash.sql
\ir maintenance/functions/drop_some_players.sql
\ir maintenance/functions/drop_players.sql
\ir maintenance/functions/measure_next_open_bets.sql
\ir maintenance/functions/measure_open_bets.sql
\ir maintenance/functions/seal_some_events.sql
\ir maintenance/functions/seal_events.sql
\ir maintenance/functions/raise_expiring.sql
\ir maintenance/functions/raise_returned.sql
\ir maintenance/functions/raise_missing.sql
\ir maintenance/functions/raise_notices.sql
\ir maintenance/functions/clear_some_notices.sql
\ir maintenance/functions/clear_notices.sql
\ir maintenance/functions/publish_some_blocked.sql
\ir maintenance/functions/publish_blocked.sql

-- Triggers.
\ir ledger/triggers/append_only.sql
\ir report/triggers/count_declarations.sql
\ir registry/triggers/registered_records.sql
\ir registry/triggers/entries.sql
\ir rollup/triggers/count_transactions.sql
\ir audit/triggers/append_only.sql
\ir identity/triggers/append_only.sql
\ir identity/triggers/exports.sql
\ir identity/triggers/signed_acts.sql
\ir blocking/triggers/register.sql

-- The door.
\ir api/views/attribute.sql
\ir api/views/change.sql
\ir api/views/change_event.sql
\ir api/views/change_row.sql
\ir api/views/choice.sql
\ir api/views/blocked_change.sql
\ir api/views/connection_deadline.sql
\ir api/views/compliance.sql
\ir api/views/complaint.sql
\ir api/views/provider_key.sql
\ir api/views/provider_standing.sql
\ir api/views/entry.sql
\ir api/views/entry_document.sql
\ir api/views/entry_count.sql
\ir api/views/operator_count.sql
\ir api/views/equipment_block.sql
\ir api/views/licence_fee.sql
\ir api/views/licence_kind.sql
\ir api/views/record_kind.sql
\ir api/views/representative_private.sql
\ir api/views/workflow_state.sql
\ir api/views/workflow_transition.sql
\ir api/views/access_key.sql
\ir api/views/access_lock.sql
\ir api/views/person.sql
\ir api/views/role.sql
\ir api/views/permission.sql
\ir api/views/role_permission.sql
\ir api/views/appointment.sql
\ir api/views/appointment_change.sql
\ir api/views/appointment_event.sql
\ir api/views/official.sql
\ir api/views/decider.sql
\ir api/views/batch.sql
\ir api/views/stream_head.sql
\ir api/views/cancellation.sql
\ir api/views/archived_day.sql
\ir api/views/channel.sql
\ir api/views/channel_region.sql
\ir api/views/checkpoint.sql
\ir api/views/cosignature.sql
\ir api/views/quorum.sql
\ir api/views/timestamp_token.sql
\ir api/views/trust_policy.sql
\ir api/views/currency.sql
\ir api/views/dropped_day.sql
\ir api/views/equipment.sql
\ir api/views/export.sql
\ir api/views/export_job.sql
\ir api/views/event.sql
\ir api/views/event_kind.sql
\ir api/views/reason_kind.sql
\ir api/views/gambling_type.sql
\ir api/views/game.sql
\ir api/views/certificate.sql
\ir api/views/ingest_hour.sql
\ir api/views/arrival_day.sql
\ir api/views/arrival_progress.sql
\ir api/views/request_hour.sql
\ir api/views/request_day.sql
\ir api/views/round_day.sql
\ir api/views/return_day.sql
\ir api/views/return_month.sql
\ir api/views/matched_day.sql
\ir api/views/stake_band.sql
\ir api/views/key_limit.sql
\ir api/views/job.sql
\ir api/views/job_finding.sql
\ir api/views/job_run.sql
\ir api/views/licence.sql
\ir api/views/licence_suspension.sql
\ir api/views/operator.sql
\ir api/views/operator_integration.sql
\ir api/views/refusal.sql
\ir api/views/registry_history.sql
\ir api/views/report.sql
\ir api/views/measure.sql
\ir api/views/dimension.sql
\ir api/views/report_measure.sql
\ir api/views/report_dimension.sql
\ir api/views/rollup_day.sql
\ir api/views/rollup_month.sql
\ir api/views/game_progress.sql
\ir api/functions/games_counted_until.sql
\ir api/views/rollup_game_day.sql
\ir api/views/counted_game_day.sql
\ir api/views/rollup_play_day.sql
\ir api/views/rollup_play_month.sql
\ir api/views/rollup_equipment_month.sql
\ir api/views/rollup_mark_day.sql
\ir api/views/rollup_mark_month.sql
\ir api/views/rollup_market_mark_day.sql
\ir api/views/rollup_game_hour.sql
\ir api/functions/arrived_batches.sql
\ir api/functions/equipment_played.sql
\ir api/views/rollup_hour.sql
\ir api/views/saved_view.sql
\ir api/views/signature.sql
\ir api/views/transaction.sql
\ir api/views/transaction_player.sql
\ir api/views/account_cohort.sql
\ir api/views/cohort_sum.sql
\ir api/views/amount_band.sql
\ir api/views/cash_band_day.sql
\ir api/views/cash_day.sql
\ir api/views/cash_limit.sql
\ir api/views/cash_progress.sql
\ir api/views/account_count.sql
\ir api/views/account_period.sql
\ir api/views/account_spread.sql
\ir api/views/player_progress.sql
\ir api/views/tax_class.sql
\ir api/views/tax_class_type.sql
\ir api/views/tax_rate.sql
\ir api/views/tax_rate_change.sql
\ir api/views/tax_payment.sql
\ir api/views/declaration_deadline.sql
\ir api/views/settlement_rule.sql
\ir api/views/declared_day.sql
\ir api/views/declared_days.sql
\ir api/views/declared_month.sql
\ir api/views/open_bets.sql
\ir api/views/open_bet_record.sql
\ir api/views/notice.sql
\ir api/views/notice_kind.sql
\ir api/views/notice_setting.sql
\ir api/views/contact.sql
\ir api/views/subscription.sql
\ir api/views/delivery.sql
\ir api/views/mail.sql
\ir api/views/dashboard.sql
\ir api/functions/access_key_operator.sql
\ir api/functions/access_keys.sql
\ir api/functions/attribute_condition.sql
\ir api/functions/registry_word_shares.sql
\ir api/functions/registry_conditions.sql
\ir api/functions/registry_sort_type.sql
\ir api/functions/place_condition.sql
\ir api/functions/registry_list.sql
\ir api/functions/registry_facets.sql
\ir api/functions/registry_search.sql
\ir api/functions/registry_record.sql
\ir api/functions/registry_history.sql
\ir api/functions/change_queue.sql
\ir api/functions/change_detail.sql
\ir api/functions/access_key_use.sql
\ir api/functions/operators_at_a_glance.sql
\ir api/functions/operators_by_integration.sql
\ir api/functions/check_change.sql
\ir api/functions/save_change.sql
\ir api/functions/begin_rows.sql
\ir api/functions/check_rows.sql
\ir api/functions/step_change.sql
\ir api/functions/give_change.sql
\ir api/functions/set_licence_fee.sql
\ir api/functions/verify_licence_fee.sql
\ir api/functions/suspend_licence.sql
\ir api/functions/withdraw_suspension.sql
\ir api/functions/resume_licence.sql
\ir api/functions/revoke_licence.sql
\ir api/functions/block_equipment.sql
\ir api/functions/unblock_equipment.sql
\ir api/functions/rotate_access_key.sql
\ir api/functions/restrict_access_key.sql
\ir api/functions/applied_migrations.sql
\ir api/functions/batch_detail.sql
\ir api/functions/batch_entries.sql
\ir api/functions/row_leaves.sql
\ir api/functions/last_verification.sql
\ir api/functions/verification_findings.sql
\ir api/functions/batch_transactions.sql
\ir api/functions/batches.sql
\ir api/functions/batches_after.sql
\ir api/functions/checkpoints.sql
\ir api/functions/create_access_key.sql
\ir api/functions/demo_identities.sql
\ir api/functions/end_session.sql
\ir api/functions/import_operator.sql
\ir api/functions/job_figures.sql
\ir api/functions/limit_access_key.sql
\ir api/functions/log_figures.sql
\ir api/functions/live_arrivals.sql
\ir api/functions/live_money.sql
\ir api/functions/names.sql
\ir api/functions/object_names.sql
\ir api/functions/operating_figures.sql
\ir api/functions/refusals.sql
\ir api/functions/missing_numbers.sql
\ir api/functions/registry_codes.sql
\ir api/functions/revoke_access_key.sql
\ir api/functions/session_person.sql
\ir api/functions/issue_challenge.sql
\ir api/functions/challenge.sql
\ir api/functions/accept_login.sql
\ir api/functions/signed_people.sql
\ir api/functions/start_session.sql
\ir api/functions/apply_as_newcomer.sql
\ir api/functions/own_number.sql
\ir api/functions/own_people.sql
\ir api/functions/switch_session.sql
\ir api/functions/own_sessions.sql
\ir api/functions/end_own_sessions.sql
\ir api/functions/keep_signature.sql
\ir api/functions/lock_access.sql
\ir api/functions/lift_lock.sql
\ir api/functions/access_keys_in_use.sql
\ir api/functions/tasks_of_arrival.sql
\ir api/functions/tasks_of_streams.sql
\ir api/functions/tasks_of_money.sql
\ir api/functions/tasks_of_registry.sql
\ir api/functions/tasks_today.sql
\ir api/functions/transactions.sql
\ir api/functions/transaction_hours.sql
\ir api/functions/amounts_counted.sql
\ir api/functions/transaction_sums.sql
\ir api/functions/player_activity.sql
\ir api/functions/account_cohorts.sql
\ir api/functions/watermark.sql
\ir api/functions/propose_tax_rate.sql
\ir api/functions/decide_tax_rate.sql
\ir api/functions/record_tax_payments.sql
\ir api/functions/take_back_tax_payment.sql
\ir api/functions/tax_kind_key.sql
\ir api/functions/tax_parts.sql
\ir api/functions/tax_sums.sql
\ir api/functions/tax_estimate.sql
\ir api/functions/declare_day.sql
\ir api/functions/declare_month.sql
\ir api/functions/declared_and_observed.sql
\ir api/functions/declaration_states.sql
\ir api/functions/settlement_bridge.sql
\ir api/functions/open_bet_records.sql
\ir api/functions/open_bet_rows.sql
\ir api/functions/declared_months.sql
\ir api/functions/percent.sql
\ir api/functions/total.sql
\ir api/functions/total_histogram.sql
\ir api/functions/minute_rows.sql
\ir api/functions/lag_quantiles.sql
\ir api/functions/ggr.sql
\ir api/functions/rtp_percent.sql
\ir api/functions/hold_percent.sql
\ir api/functions/average.sql
\ir api/functions/change_percent.sql
\ir api/functions/report_key.sql
\ir api/functions/report_key_text.sql
\ir api/functions/report_keys.sql
\ir api/functions/report_shift.sql
\ir api/functions/report_days.sql
\ir api/functions/report_time_dimension.sql
\ir api/functions/whole_months.sql
\ir api/functions/operator_bit.sql
\ir api/functions/operator_block.sql
\ir api/functions/report_check.sql
\ir api/functions/day_flows.sql
\ir api/functions/play_flows.sql
\ir api/functions/marked_hours.sql
\ir api/functions/marked_rows.sql
\ir api/functions/mark_flows.sql
\ir api/functions/report_flows.sql
\ir api/functions/report_declared.sql
\ir api/functions/report_accounts.sql
\ir api/functions/report_watermark.sql
\ir api/functions/report_completeness.sql
\ir api/functions/report_state.sql
\ir api/functions/market_months.sql
\ir api/functions/report_r01.sql
\ir api/functions/report_r02.sql
\ir api/functions/report_r03.sql
\ir api/functions/report_r04_objects.sql
\ir api/functions/report_r04.sql
\ir api/functions/log_half_evidence.sql
\ir api/functions/log_evidence.sql
\ir api/functions/report_r05.sql
\ir api/functions/report_r06.sql
\ir api/functions/report_cohorts.sql
\ir api/functions/report_r07.sql
\ir api/functions/region_flows.sql
\ir api/functions/report_r08.sql
\ir api/functions/report_r09.sql
\ir api/functions/report_bands.sql
\ir api/functions/report_cash.sql
\ir api/functions/report_r10.sql
\ir api/functions/report_r11.sql
\ir api/functions/record_export.sql
\ir api/functions/knows_export.sql
\ir api/functions/request_export.sql
\ir api/functions/cancel_export.sql
\ir api/functions/see_export.sql
\ir api/functions/claim_export.sql
\ir api/functions/note_export.sql
\ir api/functions/count_requests.sql
\ir api/functions/end_export.sql
\ir api/functions/release_export.sql
\ir api/functions/kept_exports.sql
\ir api/functions/save_view.sql
\ir api/functions/rename_view.sql
\ir api/functions/remove_view.sql
\ir api/functions/note.sql
\ir api/functions/note_view.sql
\ir api/functions/state_reason.sql
\ir api/functions/event_entry.sql
\ir api/functions/person_rights.sql
\ir api/functions/propose_appointment.sql
\ir api/functions/decide_appointment.sql
\ir api/functions/set_portal_role.sql
\ir api/functions/read_notice.sql
\ir api/functions/read_notices.sql
\ir api/functions/set_notice.sql
\ir api/functions/set_contact.sql
\ir api/functions/confirm_contact.sql
\ir api/functions/stop_mail.sql
\ir api/functions/save_subscription.sql
\ir api/functions/pause_subscription.sql
\ir api/functions/stop_subscription.sql
\ir api/functions/claim_subscription.sql
\ir api/functions/end_delivery.sql
\ir api/functions/take_notices_to_mail.sql
\ir api/functions/queue_mail.sql
\ir api/functions/claim_mail.sql
\ir api/functions/end_mail.sql
\ir api/functions/mail_figures.sql
\ir api/functions/arrange_dashboard.sql
\ir api/functions/morning_money.sql
\ir api/functions/morning_arrivals.sql

-- What people are told of.
\ir identity/catalogue/notice_kinds.sql

-- What reports there are.
\ir report/catalogue/reports.sql
\ir report/catalogue/guides.sql
\ir report/catalogue/measures.sql
\ir report/catalogue/amount_bands.sql
\ir report/catalogue/dimensions.sql
\ir api/functions/decide_complaint.sql
\ir api/functions/set_deadline.sql
\ir api/functions/verify_deadline.sql
\ir api/functions/set_cash_limit.sql
\ir api/functions/verify_cash_limit.sql
\ir api/functions/integration.sql
\ir api/functions/note_compliance.sql
\ir api/functions/make_provider_key.sql
\ir api/functions/revoke_provider_key.sql

-- The door for everyone.
\ir open_data/views/operators.sql
\ir open_data/views/licences.sql
\ir open_data/views/licence_suspensions.sql
\ir open_data/views/brands.sql
\ir open_data/views/venues.sql
\ir open_data/views/websites.sql
\ir open_data/views/applications.sql
\ir open_data/views/equipment_counts.sql
\ir open_data/views/suppliers.sql
\ir open_data/views/products.sql
\ir open_data/views/certificates.sql
\ir open_data/views/blocked_sites.sql
\ir open_data/views/market_months.sql

-- What is noted, and why officials look.
\ir audit/catalogue/event_kinds.sql
\ir audit/catalogue/reason_kinds.sql
-- Which roles there are, and what each may.
\ir identity/catalogue/roles.sql
\ir identity/catalogue/permissions.sql
\ir identity/catalogue/role_permissions.sql

\ir open_data/catalogue/datasets.sql

-- Words for columns, constraints and indexes.
\ir blocking/comments/columns.sql
\ir blocking/comments/constraints.sql
\ir blocking/comments/indexes.sql
\ir open_data/comments/columns.sql
\ir open_data/comments/constraints.sql
\ir audit/comments/columns.sql
\ir audit/comments/constraints.sql
\ir audit/comments/indexes.sql
\ir identity/comments/columns.sql
\ir identity/comments/constraints.sql
\ir identity/comments/indexes.sql
\ir ledger/comments/columns.sql
\ir ledger/comments/constraints.sql
\ir ledger/comments/indexes.sql
\ir maintenance/comments/columns.sql
\ir maintenance/comments/constraints.sql
\ir maintenance/comments/indexes.sql
\ir registry/comments/columns.sql
\ir registry/comments/constraints.sql
\ir registry/comments/indexes.sql
\ir report/comments/columns.sql
\ir report/comments/constraints.sql
\ir report/comments/indexes.sql

\ir rollup/comments/columns.sql
\ir rollup/comments/constraints.sql
\ir rollup/comments/indexes.sql

-- Policies and grants, rebuilt whole.
\ir registry/policies/registry.sql
\ir ledger/policies/ledger.sql
\ir rollup/policies/rollup.sql
\ir report/policies/catalogue.sql
\ir report/policies/declarations.sql
\ir identity/policies/identity.sql
\ir audit/policies/audit.sql
\ir maintenance/policies/maintenance.sql
\ir open_data/policies/open_data.sql
\ir grants.sql

-- Records that were registered before there were entries get their first version now.
do $entries$
declare
  site integer;
  one text;
begin
  for site in select w.channel_id from registry.website as w where w.skeleton is null loop
    begin
      update registry.website as w set domain = w.domain where w.channel_id = site;
    exception
      when sqlstate 'DZR03' then
        raise warning 'website %: its domain is not canonical, or looks like another''s', site;
    end;
  end loop;
  for one in select k.kind from registry.record_kind as k loop
    perform registry.index_missing(one);
  end loop;
end
$entries$;

commit;
