-- login: dozir_ingest
-- What stores batches: puts rows into the ledger through COPY and its functions, reads nothing.
-- It is not under row-level security (COPY would refuse it), so privileges alone keep it out.

-- What it must not do.
select cannot_read_closed_relations();
select cannot_touch_chunks();
select cannot_read_statistics();
select cannot_reach_the_server();
select cannot_become(
  'postgres', 'dozir_migrator', 'dozir_writer', 'dozir_portal', 'dozir_readonly', 'operator',
  'regulator', 'tax_service', 'registrar', 'auditor'
);
select cannot(format('update %s set %s = default', r.relation, r.first_column))
from closed_relations() as r where r.kind <> 'S';
select cannot(format('delete from %s', r.relation))
from closed_relations() as r where r.kind <> 'S';
select cannot(format('truncate %s', r.relation))
from closed_relations() as r where r.kind <> 'S';
select cannot(format('insert into %s default values', r.relation))
from closed_relations() as r where r.kind <> 'S' and r.relation <> 'ledger.transaction';
select cannot('select from api.operator', 'nothing of api');
select cannot(
  'insert into ledger.transaction default values returning player', 'not even its own row back');
select can_call_only(
  'ledger.find_access_key', 'ledger.open_batch', 'ledger.accept_batch', 'ledger.find_duplicates',
  'ledger.record_refusal', 'ledger.check_batch', 'ledger.check_cancellations',
  'ledger.take_allowance'
);

-- What it can; storing whole batches is tested in tests/integration/ledger.
select throws_ok(
  'insert into ledger.transaction default values', '23502', null,
  'may insert into the ledger (this row is empty)');
select isnt_empty(
  format('select from ledger.open_batch(%s, gen_random_uuid(), sha256(''''), 1000, null)',
    key_of('TEST-GAMMA')),
  'opens a batch');
select is_empty('select from ledger.find_access_key(''000000000000'')', 'looks up a key');
