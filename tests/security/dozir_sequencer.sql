-- login: dozir_sequencer
-- The process that will order batches into the public log: nothing at all until that log exists.

-- What it must not do.
select is_kept_out();
select cannot_become(
  'dozir_ingest', 'dozir_portal', 'dozir_readonly', 'operator', 'regulator', 'tax_service',
  'registrar', 'auditor'
);
select cannot('select from api.operator', 'nothing of api');
select cannot('select api.watermark()', 'no function of api');
select can_call_only();
