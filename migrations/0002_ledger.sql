-- depends: 0001_registry
-- The ledger: what was received, as it was received. Nothing here is ever updated or deleted,
-- but for operator_head, which holds the last number given and no fact.

create table ledger.transaction (
  occurred_at timestamptz not null,
  operator_id integer not null,
  id uuid not null,
  batch_id bigint not null,
  row_no integer not null,
  type smallint not null,
  amount_minor bigint not null,
  currency smallint not null,
  licence_id integer not null,
  channel_id integer not null,
  equipment_id integer not null,
  game_id integer not null,
  round_id uuid not null,
  player uuid not null,
  payment smallint not null,
  flags smallint not null,
  breach smallint not null,
  cancels uuid not null,
  cancel_reason smallint not null,
  exclusion_receipt uuid not null
);
comment on table ledger.transaction is
  'One row per transaction, in the order of arrival within its batch. Absent values are 0 or the '
  'nil UUID, so that every binary COPY record has one width. No foreign key: a shard need not have '
  'the registry rows; ingest has checked them.';
comment on column ledger.transaction.id is
  'UUID version 7 of the operator''s making; its 48-bit time is occurred_at''s millisecond.';
comment on column ledger.transaction.row_no is 'From 1, in the order of the request body.';
comment on column ledger.transaction.type is '1 bet, 2 win, 3 refund, 4 deposit, 5 withdrawal.';
comment on column ledger.transaction.amount_minor is 'Minor units of the currency, always positive.';
comment on column ledger.transaction.currency is 'ISO 4217 numeric code.';
comment on column ledger.transaction.player is '16 opaque bytes: the operator''s pseudonym of an account.';
comment on column ledger.transaction.payment is
  '1 cash, 2 card, 3 bank transfer, 4 e-wallet, 5 balance, 6 chips.';
comment on column ledger.transaction.flags is 'Bit mask: 1 bonus stake.';
comment on column ledger.transaction.breach is
  'Bit mask: 1 licence not in force, 2 licence of another type, 4 object inactive, 8 late.';
comment on column ledger.transaction.cancels is 'The own transaction that this one takes back.';
comment on column ledger.transaction.cancel_reason is
  '0 no cancellation, 1 operator error, 2 duplicate, 3 technical failure, 4 result corrected, '
  '5 regulator''s order, 6 other.';

-- Chunks live in a schema that no role has USAGE on: row-level security of a hypertable does not
-- reach its chunks, while grants do.
do $hypertable$
begin
  perform public.create_hypertable(
    'ledger.transaction', 'occurred_at',
    chunk_time_interval => interval '1 day',
    associated_schema_name => 'ledger_chunks',
    create_default_indexes => false
  );
end
$hypertable$;

-- The id first: version 7 ids arrive almost in order and land on the rightmost leaf.
create unique index uq_transaction_id on ledger.transaction (id, operator_id, occurred_at);
-- autosummarize, or today's tail is read whole.
create index transaction_batch on ledger.transaction
  using brin (batch_id) with (autosummarize = on, pages_per_range = 32);
create index transaction_occurred_at on ledger.transaction
  using brin (occurred_at) with (autosummarize = on, pages_per_range = 32);

create sequence ledger.batch_id as bigint;
comment on sequence ledger.batch_id is 'Batch ids; a node has its own range.';

create type ledger.type_total as (
  currency smallint,
  type smallint,
  count integer,
  amount_minor bigint,
  cancelled_count integer,
  cancelled_minor bigint
);
comment on type ledger.type_total is
  'What a batch holds of one type in one currency: its ordinary records and, apart, its cancelling ones.';

create table ledger.batch (
  id bigint primary key,
  schema_version smallint not null,
  shard smallint not null,
  operator_id integer not null,
  operator_sequence bigint not null,
  access_key_id integer not null,
  idempotency_key uuid not null,
  stream text not null,
  stream_sequence bigint,
  row_count integer not null,
  totals ledger.type_total[] not null,
  occurred_from timestamptz not null,
  occurred_until timestamptz not null,
  received_at timestamptz not null,
  late_count integer not null,
  lag_histogram integer[] not null,
  body_sha256 bytea not null,
  receipt_version smallint not null,
  receipt bytea not null,
  constraint uq_batch_idempotency_key unique (operator_id, idempotency_key),
  constraint uq_batch_operator_sequence unique (operator_id, operator_sequence),
  constraint uq_batch_stream_sequence unique (operator_id, stream, stream_sequence),
  constraint ck_batch_row_count check (row_count between 1 and 10000),
  constraint ck_batch_occurred check (occurred_from <= occurred_until),
  constraint ck_batch_body_sha256 check (length(body_sha256) = 32)
);
create index batch_occurred on ledger.batch (operator_id, occurred_until, occurred_from);
create index batch_received_at on ledger.batch (received_at);
comment on table ledger.batch is
  'One row per accepted batch. operator_sequence is gapless for each operator; the receipt is the '
  'very bytes that were answered.';
comment on column ledger.batch.lag_histogram is
  'Rows by lag = received_at - occurred_at; element i + 1 counts floor(4 * log2(max(lag_ms, 1))) = i.';

create table ledger.operator_head (
  operator_id integer primary key,
  last_sequence bigint not null
) with (fillfactor = 50);
comment on table ledger.operator_head is
  'The last sequence number given to an operator''s batches; its row lock orders their commits.';

create table ledger.cancellation (
  operator_id integer not null,
  cancelled_id uuid not null,
  batch_id bigint not null,
  row_no integer not null,
  primary key (operator_id, cancelled_id)
);
comment on table ledger.cancellation is
  'Which transaction was taken back, by which row. Its key makes a second cancellation impossible.';

create table ledger.refusal (
  id bigint generated always as identity primary key,
  refused_at timestamptz not null default clock_timestamp(),
  operator_id integer not null,
  access_key_id integer not null,
  idempotency_key uuid,
  stream text,
  stream_sequence bigint,
  status smallint not null,
  code text not null,
  error_count integer not null,
  row_count integer,
  body_bytes integer,
  codes jsonb not null,
  errors jsonb not null,
  request_id text not null,
  constraint ck_refusal_status check (status between 400 and 599),
  constraint ck_refusal_codes check (jsonb_typeof(codes) = 'object'),
  constraint ck_refusal_errors check (jsonb_typeof(errors) = 'array')
);
create index refusal_operator on ledger.refusal (operator_id, id);
comment on table ledger.refusal is
  'One row per refused batch of a known key: pointers and codes, never a value from the body.';
comment on column ledger.refusal.errors is
  'The first errors: [{index from 0, pointer made of our field names, code}].';
comment on column ledger.refusal.codes is 'How often each code occurred among the errors reported.';

create table ledger.archive (
  id integer generated always as identity primary key,
  archived_at timestamptz not null default transaction_timestamp(),
  archived_until timestamptz not null
);
comment on table ledger.archive is
  'Days dropped from the ledger after archiving; nothing older than the last one is accepted, '
  'since its uniqueness could not be proved.';
