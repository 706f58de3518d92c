create or replace trigger count_transactions
  after insert on ledger.transaction
  referencing new table as inserted
  for each statement execute function rollup.count_transactions();
