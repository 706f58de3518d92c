-- login: dozir_migrator
-- The owner, used by the command line alone: privileges do not bind it, triggers do. It acts in the roles
-- that register and decide, for commands, and in no other.

-- What it must not do.
select cannot_read_statistics();
select cannot_become(
  'postgres', 'dozir_chunks', 'dozir_jobs', 'dozir_ingest', 'dozir_portal', 'dozir_readonly', 'dozir_sequencer',
  'auditor', 'financial_monitoring', 'fairness', 'administrator'
);
select cannot('create role mine');
select cannot('set local session_replication_role = replica', 'triggers cannot be muted at large');

-- Append-only: rows of the ledger and of history, through the table and through each chunk.
select throws_ok(
  format('update %s set %s = %2$s', t.name, t.a_column), 'DZA01', null,
  format('UPDATE %s is refused', t.name))
from (
  values
    ('ledger.transaction', 'amount_minor'), ('ledger.batch', 'row_count'),
    ('ledger.cancellation', 'row_no'), ('ledger.refusal', 'status'), ('registry.history', 'actor')
) as t (name, a_column);
select throws_ok(format('delete from %s', t.name), 'DZA01', null, format('DELETE from %s is refused', t.name))
from unnest(array[
  'ledger.transaction', 'ledger.batch', 'ledger.cancellation', 'ledger.refusal',
  'registry.history'
]) as t (name);
select throws_ok(format('truncate %s', t.name), 'DZA01', null, format('TRUNCATE %s is refused', t.name))
from unnest(array[
  'ledger.transaction', 'ledger.batch', 'ledger.cancellation', 'ledger.refusal', 'ledger.archive',
  'ledger.archived_day cascade', 'ledger.dropped_day', 'ledger.dropped_leaf', 'registry.history'
]) as t (name);
select throws_ok(format('update %s set amount_minor = 1', r.relation), 'DZA01', null,
  format('UPDATE %s is refused', r.relation))
from closed_relations() as r where r.relation ~ '^ledger_chunks\._hyper_';
select throws_ok(format('delete from %s', r.relation), 'DZA01', null,
  format('DELETE from %s is refused', r.relation))
from closed_relations() as r where r.relation ~ '^ledger_chunks\._hyper_';

-- Registered records end; they are neither deleted nor renamed.
select throws_ok(format('delete from registry.%I', t.name), 'DZA02', null, format('DELETE from registry.%s', t.name))
from unnest(array[
  'operator', 'licence', 'licence_suspension', 'channel', 'venue', 'website',
  'mobile_application', 'equipment', 'game', 'access_key'
]) as t (name);
select throws_ok(format('truncate registry.%I cascade', t.name), 'DZA02', null, format('TRUNCATE registry.%s', t.name))
from unnest(array[
  'operator', 'licence', 'licence_suspension', 'channel', 'venue', 'website',
  'mobile_application', 'equipment', 'game', 'access_key'
]) as t (name);
select throws_ok(format('update registry.%I set %I = %s', t.name, t.a_column, t.a_value), 'DZA03', null,
  format('%s of registry.%s is fixed', t.a_column, t.name))
from (
  values
    ('operator', 'code', '''TEST-OTHER'''), ('licence', 'number', '''X'''),
    ('licence', 'gambling_type_id', '6'), ('channel', 'operator_id', '0'),
    ('equipment', 'code', '''X'''), ('game', 'gambling_type_id', '6'),
    ('access_key', 'key_id', '''X''')
) as t (name, a_column, a_value);

-- The limit, as documented: TRUNCATE of one chunk is beyond an owner's triggers. Verification
-- recomputes what batches and rollups say and names what is missing; no trigger could.
select lives_ok(
  format('truncate %s', (
    select r.relation from closed_relations() as r
    where r.relation ~ '^ledger_chunks\._hyper_' order by r.relation desc limit 1)),
  'TRUNCATE of a single chunk is possible for the owner');
select isnt_empty('select from report.check_rollups()', 'and verification finds it');
