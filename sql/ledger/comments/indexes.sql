-- What the indexes are for.

comment on index ledger.batch_occurred is
  'Batches of an operator that hold events of a period: pages find transactions through it.';
comment on index ledger.batch_received_at is 'Batches by arrival: figures as of a moment.';
comment on index ledger.refusal_operator is 'Refusals of an operator, newest last.';
comment on index ledger.transaction_batch is
  'Rows of a batch: ids grow with arrival, so a block range holds few.';
comment on index ledger.transaction_occurred_at is 'Events of a period within a day.';
comment on index ledger.uq_transaction_id is
  'An id is unique for an operator; the id first, so that new rows land on the rightmost leaf.';
comment on index ledger.batch_stored_xid is 'For live pages: batches that a snapshot has not seen.';
comment on index ledger.refusal_stored_xid is 'For live pages: refusals that a snapshot has not seen.';
comment on index ledger.batch_unsequenced is
  'Batches sent by hand: without them the numbers of a stream tell its gaps.';
comment on index ledger.refusal_refused_at is 'Refusals by time, of all operators.';
comment on index ledger.archived_day_day is 'Archives of a day, asked for before it is dropped.';
comment on index ledger.refusal_access_key is 'Refusals of a key, newest last.';
comment on index ledger.batch_entry is
  'From a place in the log to its batch: accounts are counted in that order.';
