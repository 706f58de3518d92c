-- depends: 0008_live
-- What "my tasks today" looks up: each index answers one question without reading a year of rows.
-- A migration is one transaction, in which an index cannot be built concurrently; repeating it after
-- a failure repeats it whole, and the runner sets the timeouts.
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts
-- squawk-ignore-file ban-drop-function, require-timeout-settings

-- Lists can be narrowed further: new parameters, at the end and with defaults, make new functions.
-- An older portal calls them by position and finds the new ones.
drop function if exists api.refusals(integer[], bigint, integer);
drop function if exists api.batches(integer[], timestamptz, timestamptz, bigint, integer);
drop function if exists api.transactions(
  timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer
);

-- What came in lately, of all operators and of one.
create index ingest_hour_hour on rollup.ingest_hour
  using brin (hour) with (autosummarize = on, pages_per_range = 16);
create index ingest_hour_operator on rollup.ingest_hour (operator_id, hour);

-- Records under a breach mark are few; without this a day of all records is read to find them.
create index hour_breach on rollup.hour (hour, operator_id) where breach & 7 <> 0;

-- Batches without a number in a stream, sent by hand: counting them tells gaps in streams exactly.
create index batch_unsequenced on ledger.batch (operator_id) where stream_sequence is null;

create index refusal_refused_at on ledger.refusal (refused_at);
create index history_changed_at on registry.history (changed_at);
