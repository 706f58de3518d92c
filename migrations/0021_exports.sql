-- depends: 0020_declarations
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts
-- squawk-ignore-file constraint-missing-not-valid
-- Exports: the record of every one, files that are made while nobody waits, and saved views.
set local lock_timeout = '10s';

create table audit.export (
  id bigint generated always as identity primary key,
  made_at timestamptz not null default transaction_timestamp(),
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  name text not null,
  title text not null,
  language text not null,
  parameters jsonb not null,
  lines jsonb not null,
  as_of timestamptz not null,
  row_count bigint not null,
  format text not null,
  sha256 bytea not null,
  request_id text not null,
  salt uuid not null default gen_random_uuid(),
  entry_hash bytea not null,
  constraint ck_export_format check (format in ('csv', 'xlsx', 'json', 'parquet')),
  constraint ck_export_row_count check (row_count >= 0),
  constraint ck_export_sha256 check (length(sha256) = 32),
  constraint ck_export_entry_hash check (length(entry_hash) = 32)
);
create index export_sha256 on audit.export (sha256);
create index export_person on audit.export (person_id, id);
create index export_operator on audit.export (operator_id, id) where operator_id is not null;
comment on table audit.export is
  'Every file that left: who took it, in which role, what, of when, how many rows, and its hash. '
  'Append-only; each row is vouched for by an entry of the log.';

create table audit.export_job (
  id uuid primary key default gen_random_uuid(),
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  language text not null,
  source text not null,
  arguments jsonb not null,
  format text not null,
  request_id text not null,
  state text not null default 'waiting',
  requested_at timestamptz not null default transaction_timestamp(),
  started_at timestamptz,
  beat_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  seen_at timestamptz,
  attempt integer not null default 0,
  rows_done bigint not null default 0,
  stored_bytes bigint,
  filename text,
  export_id bigint references audit.export (id),
  problem text,
  constraint ck_export_job_format check (format in ('csv', 'xlsx', 'json', 'parquet')),
  constraint ck_export_job_state
    check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled', 'expired')),
  constraint ck_export_job_ready
    check (state <> 'ready' or (export_id is not null and filename is not null)),
  constraint ck_export_job_failed check ((state = 'failed') = (problem is not null))
);
create index export_job_person on audit.export_job (person_id, requested_at);
create index export_job_open on audit.export_job (requested_at) where state in ('waiting', 'running');
create index export_job_export on audit.export_job (export_id) where export_id is not null;
comment on table audit.export_job is
  'Files too long to wait for: what was asked, how far it is, and until when it can be taken.';

create table identity.saved_view (
  id bigint generated always as identity primary key,
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  name text not null,
  target text not null,
  parameters jsonb not null,
  shared boolean not null default false,
  created_at timestamptz not null default transaction_timestamp(),
  removed_at timestamptz,
  constraint ck_saved_view_name check (name = btrim(name) and length(name) between 1 and 120),
  constraint ck_saved_view_target check (target ~ '^[a-z_.]{1,100}$'),
  constraint ck_saved_view_parameters check (jsonb_typeof(parameters) = 'object')
);
create unique index uq_saved_view_name on identity.saved_view (person_id, lower(name))
where removed_at is null;
create index saved_view_shared on identity.saved_view (role, operator_id) where shared;
comment on table identity.saved_view is
  'Lists and reports that people named: which page, with which filters; never an address.';

-- Marks what has expired, forgets jobs and removed views after their time.
insert into maintenance.job (name, every, next_run_at)
values ('clear_exports', '1 hour', transaction_timestamp());
alter table maintenance.setting add column keep_exports_hours integer not null default 72;
alter table maintenance.setting
add constraint ck_setting_keep_exports_hours check (keep_exports_hours between 1 and 8760);
