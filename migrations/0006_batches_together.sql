-- depends: 0005_limits
-- squawk-ignore-file ban-drop-function
-- Batches are opened and accepted together now: ledger.open_batches, ledger.accept_batches and
-- rollup.count_batches took the places of these.
drop function if exists ledger.open_batch(integer, uuid, bytea, bigint, bigint);
drop function if exists ledger.accept_batch(
  bigint, integer, uuid, bytea, smallint, text, bigint, integer, timestamptz, timestamptz, integer,
  integer[], smallint[], smallint[], integer[], bigint[], integer[], bigint[], integer[], uuid[],
  uuid[]
);
drop function if exists rollup.count_batch(integer, integer, integer, integer, integer[]);
