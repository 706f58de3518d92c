-- depends: 0013_key_addresses
-- The log that makes rewriting visible; docs/ledger.md says what each part is for and pins its form.
-- squawk-ignore-file ban-drop-function
set local lock_timeout = '10s';

create table ledger.log (
  singleton boolean primary key default true,
  origin text not null,
  began_at timestamptz not null default transaction_timestamp(),
  refusal_count bigint not null default 0,
  refused_at timestamptz,
  refused_because text,
  constraint ck_log_only check (singleton),
  constraint ck_log_origin check (origin ~ '^[^[:space:]+]+$' and octet_length(origin) <= 200)
);
comment on table ledger.log is
  'The one log of this database: its origin names it in every entry, checkpoint and receipt.';
-- A name that no other database has; DOZIR_LOG_ORIGIN gives a readable one while the log is empty.
insert into ledger.log (origin) values ('dozir.invalid/' || replace(gen_random_uuid()::text, '-', ''));

create sequence ledger.entry_id as bigint;
comment on sequence ledger.entry_id is
  'Ids of entries; one operator''s batches get theirs in the order of their commits.';

create table ledger.entry (
  id bigint primary key,
  kind smallint not null,
  operator_id integer not null,
  entered_at timestamptz not null,
  hash bytea not null,
  entry bytea not null,
  constraint ck_entry_kind check (kind between 1 and 7),
  constraint ck_entry_hash check (length(hash) = 32)
);
comment on table ledger.entry is
  'Every entry of the log, in the very bytes that are hashed; operator_id 0 where none is concerned.';

create table ledger.unsequenced (
  entry_id bigint primary key
);
comment on table ledger.unsequenced is 'Entries that have no leaf yet; the sequencer takes them out.';
alter table ledger.unsequenced set (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000
);

create table ledger.leaf (
  leaf_index bigint primary key,
  entry_id bigint not null,
  sequenced_at timestamptz not null default transaction_timestamp(),
  constraint uq_leaf_entry unique (entry_id),
  constraint ck_leaf_index check (leaf_index >= 0)
);
comment on table ledger.leaf is 'Which entry is which leaf of the log: gapless from 0, never changed.';

-- Where the entry of a batch stands that was accepted before there was a log: its row in
-- ledger.batch is not changed, the entry alone carries the root of its rows.
create table ledger.earlier_batch (
  batch_id bigint primary key,
  entry_id bigint not null,
  constraint uq_earlier_batch_entry unique (entry_id)
);
comment on table ledger.earlier_batch is
  'Entries (kind 2) of batches that were accepted before there was a log.';

-- Batches whose entry came back from the journal after the database was restored to a moment; their
-- rows did not. Entries of kind 7 say the same to everyone.
create table ledger.restored_batch (
  entry_id bigint primary key,
  batch_id bigint not null,
  operator_id integer not null,
  operator_sequence bigint not null
);
comment on table ledger.restored_batch is
  'Batches of which a restore has left the entry alone; entries of kind 7 name them.';

create table ledger.checkpoint (
  size bigint primary key,
  root bytea not null,
  signed_at timestamptz not null,
  note text not null
);
comment on table ledger.checkpoint is
  'Signed checkpoints that were published: the newest, and older ones at growing distances.';

create table ledger.cosignature (
  size bigint not null,
  witness text not null,
  cosigned_at timestamptz not null,
  line text not null,
  primary key (size, witness)
);
comment on table ledger.cosignature is 'What witnesses signed of checkpoints; line as it stands in a note.';

create table ledger.trust_policy (
  id integer generated always as identity primary key,
  adopted_at timestamptz not null default transaction_timestamp(),
  policy text not null
);
comment on table ledger.trust_policy is
  'Policies of witnesses (C2SP tlog-policy) that this log kept to; the newest is in force.';

create table ledger.quorum (
  size bigint primary key,
  policy_id integer not null,
  met_at timestamptz not null default clock_timestamp()
);
comment on table ledger.quorum is 'Checkpoints that enough witnesses cosigned, by the policy then in force.';

create table ledger.timestamp_token (
  size bigint not null,
  authority text not null,
  stamped_at timestamptz not null,
  token bytea not null,
  primary key (size, authority)
);
comment on table ledger.timestamp_token is 'RFC 3161 time-stamps of checkpoints by configured authorities.';

create table ledger.log_key (
  vkey text primary key,
  purpose text not null,
  valid_from timestamptz not null default transaction_timestamp(),
  valid_until timestamptz not null default 'infinity',
  constraint ck_log_key_purpose check (purpose in ('log', 'receipts'))
);
comment on table ledger.log_key is
  'Public keys that signed checkpoints and receipts, and when; verifiers get theirs from elsewhere.';

create table ledger.verification (
  id bigint generated always as identity primary key,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  log_size bigint not null,
  batch_count bigint not null,
  row_count bigint not null,
  finding_count bigint not null,
  findings jsonb not null,
  constraint ck_verification_findings check (jsonb_typeof(findings) = 'array')
);
comment on table ledger.verification is 'Runs of the verifier on this database; the first findings of each.';

-- Null in batches of receipt version 0, accepted before there was a log.
alter table ledger.batch add column batch_root bytea;
alter table ledger.batch add column entry_id bigint;
-- The hash of the operator's last batch entry; null before the first one.
alter table ledger.operator_head add column last_hash bytea;

-- Archives: days as files outside the database, what was dropped under which of them, and the leaves
-- that dropped rows leave behind where others of their batch are still here.
create table ledger.archived_day (
  name text primary key,
  day date not null,
  manifest_sha256 bytea not null,
  row_count bigint not null,
  batch_count bigint not null,
  batches_sha256 bytea not null,
  totals jsonb not null,
  stored_bytes bigint not null,
  archived_at timestamptz not null default transaction_timestamp(),
  archived_by text not null default session_user,
  constraint ck_archived_day_name
    check (name ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([.][1-9][0-9]{0,3})?$' and left(name, 10)::date = day),
  constraint ck_archived_day_hashes
    check (length(manifest_sha256) = 32 and length(batches_sha256) = 32),
  constraint ck_archived_day_counts
    check (row_count >= batch_count and batch_count >= 0 and stored_bytes > 0),
  constraint ck_archived_day_totals check (jsonb_typeof(totals) = 'array')
);
create index archived_day_day on ledger.archived_day (day);
comment on table ledger.archived_day is
  'Archives of days (UTC) that were written, read back and verified; dozir archive adds them.';

create table ledger.dropped_day (
  day date primary key,
  dropped_at timestamptz not null default transaction_timestamp(),
  archive text,
  entry_hash bytea,
  constraint fk_dropped_day_archive foreign key (archive) references ledger.archived_day (name)
);
comment on table ledger.dropped_day is
  'Days (UTC) whose rows are no longer here, the archive that holds them, and their retention act.';
-- Days that were dropped before there were archives.
insert into ledger.dropped_day (day, dropped_at)
select d.day::date as day, (select max(a.archived_at) from ledger.archive as a) as dropped_at
from generate_series(
  (select date_trunc('day', min(r.hour), 'UTC') from rollup.hour as r) at time zone 'UTC',
  (select max(a.archived_until) from ledger.archive as a) at time zone 'UTC' - interval '1 day',
  interval '1 day'
) as d (day);

create table ledger.dropped_leaf (
  batch_id bigint not null,
  row_no integer not null,
  leaf bytea not null,
  primary key (batch_id, row_no),
  constraint ck_dropped_leaf check (length(leaf) = 32)
);
comment on table ledger.dropped_leaf is
  'Leaf hashes of dropped rows of batches that reach into days which are still here: with them and '
  'the rows that are left the batch root can be recomputed.';

alter table maintenance.setting add column drop_unarchived boolean not null default false;

-- A receipt may have an entry of the log now: the function with two parameters more takes its place.
drop function if exists ledger.receipt(
  bigint, text, bigint, text, bigint, uuid, integer, ledger.type_total[],
  timestamptz, timestamptz, timestamptz, bytea
);

-- Looks through everything, so not at once: the first time in the night that follows.
insert into maintenance.job (name, every, at_time, next_run_at)
values ('verify_ledger', '1 day', '03:40', transaction_timestamp() + interval '12 hours');
