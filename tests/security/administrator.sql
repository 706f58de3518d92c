-- login: dozir_portal
-- A technical administrator: accounts and roles, and nothing of the market.
select become('administrator');

-- What it must not do.
select is_kept_out();
select cannot_become('dozir_ingest', 'dozir_readonly', 'dozir_sequencer');
select can_call_only(
  'api.read_notice', 'api.read_notices', 'api.set_notice', 'api.set_contact', 'api.save_subscription',
  'api.pause_subscription', 'api.stop_subscription', 'api.queue_mail', 'api.arrange_dashboard', 'api.note',
  'api.record_export', 'api.request_export', 'api.cancel_export', 'api.see_export', 'api.save_view', 'api.rename_view', 'api.remove_view',
  'identity.may'
);
select cannot('select from api.transaction', 'no transaction');
select cannot('select from api.batch', 'no batch');
select cannot('select from api.rollup_day', 'no figure');
select cannot('select from api.operator', 'not even who is registered');

-- What it can.
select can_read_only(
  'contact', 'dashboard', 'delivery', 'event', 'event_kind', 'mail', 'notice', 'notice_kind', 'notice_setting', 'reason_kind',
  'subscription',
  'export', 'export_job', 'saved_view', 'person',
  'role', 'permission', 'role_permission', 'appointment', 'appointment_change', 'appointment_event', 'official'
);
select isnt_empty('select from api.official where role = ''supervisor''', 'sees who holds which role');
select is_empty('select from api.official where tax_number !~ ''•''', 'but nobody''s whole number');
