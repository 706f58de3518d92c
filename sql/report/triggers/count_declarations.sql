create or replace trigger count_declarations
  after insert on report.declared_day
  referencing new table as inserted
  for each statement execute function report.count_declarations();
comment on trigger count_declarations on report.declared_day is
  'Counts the months of declared days anew, in the same transaction.';
