-- login: dozir_portal
-- A registrar keeps the registers and sees no transaction, no batch and no figure.
select become('registrar');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(
  'api.decide_complaint', 'api.note_compliance', 'api.make_provider_key', 'api.revoke_provider_key',
  'api.note', 'api.record_export',
  'identity.permissions_of',
  'api.keep_signature', 'api.lock_access', 'api.lift_lock',
  'api.read_notice', 'api.read_notices', 'api.set_notice', 'api.set_contact', 'api.save_subscription',
  'api.pause_subscription', 'api.stop_subscription', 'api.queue_mail', 'api.arrange_dashboard',
  'api.record_export', 'api.request_export', 'api.cancel_export', 'api.see_export', 'api.save_view',
  'api.rename_view', 'api.remove_view',
  'api.names', 'api.object_names', 'api.watermark', 'api.access_keys', 'api.import_operator',
  'api.create_access_key', 'api.revoke_access_key', 'api.limit_access_key',
  'api.tasks_today', 'api.tasks_of_registry', 'api.access_keys_in_use',
  'api.fold', 'api.attribute_condition', 'api.registry_conditions', 'api.registry_word_shares', 'api.registry_sort_type', 'api.place_condition', 'api.registry_list', 'api.registry_facets', 'api.registry_search',
  'api.registry_record', 'api.registry_history', 'api.change_queue', 'api.change_detail',
  'api.check_change', 'api.save_change', 'api.begin_rows', 'api.check_rows', 'api.step_change', 'api.give_change', 'api.suspend_licence', 'api.resume_licence',
  'api.revoke_licence', 'api.block_equipment', 'api.unblock_equipment', 'api.set_licence_fee',
  'api.withdraw_suspension', 'api.verify_licence_fee',
  'api.rotate_access_key', 'api.restrict_access_key'
);

-- What it can.
select can_read_only(
  'blocked_change', 'compliance', 'complaint', 'provider_key', 'provider_standing',
  'event', 'event_kind', 'reason_kind', 'export',
  'role', 'permission', 'role_permission',
  'signature', 'access_lock',
  'notice', 'notice_kind', 'notice_setting', 'contact', 'subscription', 'delivery', 'mail', 'dashboard',
  'export', 'export_job', 'saved_view',
  'access_key', 'channel', 'currency', 'equipment', 'gambling_type', 'game', 'licence',
  'key_limit', 'licence_suspension', 'operator', 'registry_history',
  'attribute', 'choice', 'entry', 'entry_document', 'entry_count', 'operator_count', 'equipment_block', 'licence_fee', 'licence_kind',
  'record_kind', 'workflow_state', 'workflow_transition', 'change', 'change_event', 'change_row', 'person', 'decider',
  'representative_private'
);
select sees_every_operator('access_key', 'channel', 'game', 'licence', 'operator');
select set_config('dozir.actor', 'registrar 7', true);
select ok(
  api.import_operator('{
    "code": "TEST-NEW", "name_uk": "Новий", "name_en": "New", "taxpayer_code": "99999999",
    "active_from": "2026-01-01T00:00:00Z", "licences": [], "channels": [], "equipment": [],
    "games": []}') > 0,
  'registers an operator');
select results_eq(
  'select actor, operation from api.registry_history
   where table_name = ''operator'' and after ->> ''code'' = ''TEST-NEW''',
  $$values ('registrar 7', 'insert')$$,
  'which is written into history under its name');
select lives_ok(
  format('select api.revoke_access_key(%s)', key_of('TEST-BETA')), 'revokes an access key');
select is_empty(
  'select from api.registry_history where before ? ''secret_hmac'' or after ? ''secret_hmac''',
  'history tells no secret of a key');
select isnt_empty(
  'select from api.registry_history where table_name = ''access_key''',
  'but what happened to keys');
select cannot('select from api.report', 'no reports');

-- Keys as a register: of every operator, and never with what a secret could be tried against.
select is(
  (select count(distinct operator_id) from api.registry_list('access_key')),
  (select count(distinct operator_id) from api.access_key), 'keys of every operator');
select is_empty(
  'select from api.entry_document where kind = ''access_key'' and document::text ~* ''hmac|secret''', 'no secret of a key');
select is_empty(
  'select from api.registry_history where table_name = ''access_key'' and (before::text || after::text) ~* ''hmac|secret''',
  'nor in history');
