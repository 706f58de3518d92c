create or replace trigger count_transactions
  after insert on ledger.transaction
  referencing new table as inserted
  for each statement execute function rollup.count_transactions();
comment on trigger count_transactions on ledger.transaction is
  'Adds what a statement inserts to the rollups, in the same transaction.';
