-- depends: 0007_jobs
-- Which transaction stored a batch or a refusal. They become visible in another order than that of
-- their ids and times; with this a reader who tells which transactions it has seen (a snapshot) is
-- given the others, none left out and none twice. Empty for what was stored before.
-- A migration is one transaction, in which an index cannot be built concurrently; the columns are
-- new and empty, so that building takes no time.
-- squawk-ignore-file require-concurrent-index-creation

alter table ledger.batch add column stored_xid xid8;
alter table ledger.batch alter column stored_xid set default pg_current_xact_id();
create index batch_stored_xid on ledger.batch (stored_xid) where stored_xid is not null;
comment on column ledger.batch.stored_xid is
  'The transaction that stored the batch: what a live page has not seen yet is found by it.';

alter table ledger.refusal add column stored_xid xid8;
alter table ledger.refusal alter column stored_xid set default pg_current_xact_id();
create index refusal_stored_xid on ledger.refusal (stored_xid) where stored_xid is not null;
comment on column ledger.refusal.stored_xid is
  'The transaction that recorded the refusal: what a live page has not seen yet is found by it.';
