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
  registry.equipment_place, registry.equipment_block, registry.record_kind, registry.attribute,
  registry.choice, registry.workflow_state, registry.workflow_transition, registry.change,
  registry.change_event, registry.entry, registry.entry_count,
  ledger.batch, ledger.archive, ledger.transaction, ledger.cancellation,
  ledger.refusal, ledger.operator_head, rollup.hour, rollup.game_hour, rollup.day,
  rollup.ingest_hour, identity.mode, identity.person, identity.session,
  maintenance.job, maintenance.run, maintenance.finding, maintenance.setting,
  maintenance.recorded_object, maintenance.applied_file
  in access exclusive mode;
set local lock_timeout = '10s';
set local statement_timeout = '5min';
-- The writer must be able to own functions here while they are handed to it; revoked in grants.sql.
grant create, usage on schema registry, identity, ledger, rollup, report, maintenance, api
  to dozir_writer;
-- grants.sql took EXECUTE on its own functions from it: who may not execute may not replace either.
grant execute on all routines in schema registry, identity, ledger, rollup, report, maintenance, api
  to dozir_writer;

-- Functions, each after what it names.
\ir api/functions/fold.sql
\ir registry/functions/is_within.sql
\ir registry/functions/caller_role.sql
\ir registry/functions/own_operator.sql
\ir registry/functions/own_person.sql
\ir registry/functions/check_own_operator.sql
\ir registry/functions/check_power.sql
\ir registry/functions/set_licence_fee.sql
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
\ir registry/functions/record_history.sql
\ir registry/functions/move_version.sql
\ir registry/functions/refuse_delete.sql
\ir registry/functions/refuse_identity_change.sql
\ir registry/functions/place_website.sql
\ir registry/functions/place_equipment.sql
\ir registry/functions/keep_places.sql
\ir registry/functions/keep_person.sql
\ir registry/functions/set_licence_type.sql
\ir registry/functions/admit_applicant.sql
\ir registry/functions/check_value.sql
\ir registry/functions/check_record.sql
\ir registry/functions/check_change.sql
\ir registry/functions/apply_change.sql
\ir registry/functions/note_event.sql
\ir registry/functions/lock_change.sql
\ir registry/functions/save_change.sql
\ir registry/functions/step_change.sql
\ir registry/functions/lock_licence.sql
\ir registry/functions/suspend_licence.sql
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
\ir ledger/functions/receipt.sql
\ir ledger/functions/recount_batches.sql
\ir rollup/functions/add_histograms.sql
\ir rollup/functions/count_batches.sql
\ir rollup/functions/count_refusal.sql
\ir rollup/functions/recount_hour.sql
\ir rollup/functions/recount_game_hour.sql
\ir rollup/functions/recount_day.sql
\ir rollup/functions/rebuild.sql
\ir rollup/functions/count_transactions.sql
\ir ledger/functions/accept_batches.sql
\ir ledger/functions/record_refusal.sql
\ir ledger/functions/drop_until.sql
\ir ledger/functions/archive_until.sql
\ir report/functions/check_rollups.sql
\ir report/functions/check_receipts.sql
\ir report/functions/check_records.sql
\ir identity/functions/start_demo.sql
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
\ir maintenance/functions/drop_oldest_day.sql
\ir maintenance/functions/apply_retention.sql
\ir maintenance/functions/check_day.sql
\ir maintenance/functions/unchecked_days.sql
\ir maintenance/functions/check_rollups.sql
\ir maintenance/functions/clear_some_sessions.sql
\ir maintenance/functions/clear_sessions.sql
\ir maintenance/functions/turn_some_states.sql
\ir maintenance/functions/turn_states.sql

-- Triggers.
\ir ledger/triggers/append_only.sql
\ir registry/triggers/registered_records.sql
\ir registry/triggers/entries.sql
\ir rollup/triggers/count_transactions.sql

-- The door.
\ir api/views/attribute.sql
\ir api/views/change.sql
\ir api/views/change_event.sql
\ir api/views/choice.sql
\ir api/views/entry.sql
\ir api/views/entry_count.sql
\ir api/views/equipment_block.sql
\ir api/views/licence_fee.sql
\ir api/views/licence_kind.sql
\ir api/views/record_kind.sql
\ir api/views/representative_private.sql
\ir api/views/workflow_state.sql
\ir api/views/workflow_transition.sql
\ir api/views/access_key.sql
\ir api/views/person.sql
\ir api/views/batch.sql
\ir api/views/cancellation.sql
\ir api/views/channel.sql
\ir api/views/currency.sql
\ir api/views/equipment.sql
\ir api/views/gambling_type.sql
\ir api/views/game.sql
\ir api/views/ingest_hour.sql
\ir api/views/key_limit.sql
\ir api/views/job.sql
\ir api/views/job_finding.sql
\ir api/views/job_run.sql
\ir api/views/licence.sql
\ir api/views/licence_suspension.sql
\ir api/views/operator.sql
\ir api/views/refusal.sql
\ir api/views/registry_history.sql
\ir api/views/rollup_day.sql
\ir api/views/rollup_game_hour.sql
\ir api/views/rollup_hour.sql
\ir api/views/transaction.sql
\ir api/views/transaction_player.sql
\ir api/functions/access_key_operator.sql
\ir api/functions/access_keys.sql
\ir api/functions/registry_conditions.sql
\ir api/functions/registry_list.sql
\ir api/functions/registry_facets.sql
\ir api/functions/registry_search.sql
\ir api/functions/registry_record.sql
\ir api/functions/registry_history.sql
\ir api/functions/change_queue.sql
\ir api/functions/change_detail.sql
\ir api/functions/access_key_use.sql
\ir api/functions/operators_at_a_glance.sql
\ir api/functions/check_change.sql
\ir api/functions/save_change.sql
\ir api/functions/step_change.sql
\ir api/functions/set_licence_fee.sql
\ir api/functions/suspend_licence.sql
\ir api/functions/resume_licence.sql
\ir api/functions/revoke_licence.sql
\ir api/functions/block_equipment.sql
\ir api/functions/unblock_equipment.sql
\ir api/functions/rotate_access_key.sql
\ir api/functions/restrict_access_key.sql
\ir api/functions/applied_migrations.sql
\ir api/functions/batch_detail.sql
\ir api/functions/batch_transactions.sql
\ir api/functions/batches.sql
\ir api/functions/batches_after.sql
\ir api/functions/create_access_key.sql
\ir api/functions/demo_identities.sql
\ir api/functions/end_session.sql
\ir api/functions/import_operator.sql
\ir api/functions/job_figures.sql
\ir api/functions/limit_access_key.sql
\ir api/functions/live_arrivals.sql
\ir api/functions/live_money.sql
\ir api/functions/names.sql
\ir api/functions/object_names.sql
\ir api/functions/operating_figures.sql
\ir api/functions/refusals.sql
\ir api/functions/registry_codes.sql
\ir api/functions/revoke_access_key.sql
\ir api/functions/session_person.sql
\ir api/functions/stakes_and_winnings.sql
\ir api/functions/start_demo_session.sql
\ir api/functions/access_keys_in_use.sql
\ir api/functions/tasks_of_arrival.sql
\ir api/functions/tasks_of_streams.sql
\ir api/functions/tasks_of_money.sql
\ir api/functions/tasks_of_registry.sql
\ir api/functions/tasks_today.sql
\ir api/functions/transactions.sql
\ir api/functions/watermark.sql

-- Words for columns, constraints and indexes.
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
\ir rollup/comments/columns.sql
\ir rollup/comments/indexes.sql

-- Policies and grants, rebuilt whole.
\ir registry/policies/registry.sql
\ir ledger/policies/ledger.sql
\ir rollup/policies/rollup.sql
\ir identity/policies/identity.sql
\ir maintenance/policies/maintenance.sql
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
