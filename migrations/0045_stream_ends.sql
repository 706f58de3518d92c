-- depends: 0044_lag
-- What an operator's stream spans stands in its head, so that whoever asks how complete figures are need not
-- look for the ends of a thousand streams.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts
set local lock_timeout = '10s';

alter table ledger.operator_head
  add column numbered_count bigint not null default 0,
  add column stream text,
  add column several_streams boolean not null default false,
  add column first_number bigint,
  add column last_number bigint;

update ledger.operator_head as h set
  numbered_count = b.numbers, stream = b.stream, several_streams = b.several, first_number = b.first,
  last_number = b.last
from (
  select
    n.operator_id, count(*) as numbers, min(n.stream) as stream, min(n.stream) <> max(n.stream) as several,
    min(n.stream_sequence) as first, max(n.stream_sequence) as last
  from ledger.batch as n
  where n.stream_sequence is not null
  group by n.operator_id
) as b
where b.operator_id = h.operator_id;
