-- Row triggers reach the chunks of a hypertable, statement triggers do not: TRUNCATE of a single
-- chunk by the owner is beyond a trigger and is found by verification.
do $triggers$
declare
  target regclass;
begin
  foreach target in array array[
    'ledger.transaction', 'ledger.batch', 'ledger.cancellation', 'ledger.refusal',
    'ledger.archive', 'ledger.entry', 'ledger.leaf', 'ledger.earlier_batch',
    'ledger.restored_batch', 'ledger.trust_policy', 'ledger.quorum', 'ledger.cosignature',
    'ledger.timestamp_token', 'ledger.verification', 'ledger.archived_day', 'ledger.dropped_day',
    'ledger.dropped_leaf', 'registry.history', 'report.declared_day', 'report.declared_month'
  ]::regclass[] loop
    execute format(
      'create or replace trigger refuse_change before update or delete on %s '
      'for each row execute function ledger.refuse_change()', target);
    execute format(
      'create or replace trigger refuse_truncate before truncate on %s '
      'for each statement execute function ledger.refuse_change()', target);
    execute format(
      'comment on trigger refuse_change on %s is ''Append-only: UPDATE and DELETE are refused.''', target);
    execute format(
      'comment on trigger refuse_truncate on %s is ''Append-only: TRUNCATE is refused.''', target);
  end loop;
end
$triggers$;
