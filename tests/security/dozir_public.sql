-- login: dozir_public
-- Anyone: what is published, and nothing behind it; becomes nobody.

-- What it must not do.
select cannot_read_closed_relations();
select cannot_touch_chunks();
select cannot_change_closed_relations();
select cannot_read_statistics();
select cannot_reach_the_server();
select cannot_become(
  'postgres', 'dozir_migrator', 'dozir_writer', 'dozir_chunks', 'dozir_ingest', 'dozir_portal', 'dozir_readonly',
  'dozir_sequencer', 'dozir_jobs', 'operator', 'regulator', 'tax_service', 'registrar', 'auditor',
  'financial_monitoring', 'fairness', 'administrator'
);
select cannot('select from api.operator', 'nothing of api');
select cannot('select from api.market_months(current_date, current_date)', 'no function of it by its name');
select cannot('select from blocking.complaint', 'no complaint');
select cannot('select grounds from registry.licence_suspension', 'no grounds, which may name people');
select cannot('insert into open_data.dataset (code) values (''x'')', 'adds to no catalogue');
select cannot('select blocking.publish()', 'publishes nothing');
select cannot('select blocking.admit(''x'')', 'nor spends anybody''s allowance');
select can_call_only(
  'open_data.version', 'open_data.site_verdict', 'open_data.blocked_list', 'open_data.blocked_changes',
  'open_data.report_applied', 'open_data.complain', 'open_data.complaint_state', 'api.market_months'
);

-- What it can.
select isnt_empty('select from open_data.operators', 'reads what is published');
select isnt_empty('select from open_data.licences', 'of all organisers');
select is(open_data.report_applied(sha256('x'), 0), null, 'a secret that is nobody''s is no provider');
