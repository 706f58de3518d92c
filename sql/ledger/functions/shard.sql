create or replace function ledger.shard() returns smallint
  language sql immutable parallel safe
  return 1::smallint;
comment on function ledger.shard() is 'The number of this node; part of every rollup key.';
