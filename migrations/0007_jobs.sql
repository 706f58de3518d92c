-- depends: 0006_batches_together
-- Recurring work: the schedule and its history, what the last migrate left behind, and the horizon
-- of retention. The work itself is procedures in sql/maintenance/functions, called by `dozir jobs`.

create table maintenance.job (
  name text primary key,
  every interval,
  at_time time,
  paused boolean not null default false,
  next_run_at timestamptz,
  failure_count integer not null default 0,
  constraint ck_job_name check (name ~ '^[a-z_]{1,63}$'),
  constraint ck_job_every check (every >= interval '1 minute'),
  constraint ck_job_at_time check (at_time is null or every = interval '1 day'),
  constraint ck_job_next_run_at check ((every is null) = (next_run_at is null)),
  constraint ck_job_failure_count check (failure_count >= 0)
);
comment on table maintenance.job is
  'Recurring work and when it is due next. Each name is a procedure of this schema; '
  'a job without an interval runs on demand only.';

-- The first run of each is due at once: nothing here harms when done early.
insert into maintenance.job (name, every, at_time, next_run_at) values
  ('make_chunks', '6 hours', null, transaction_timestamp()),
  ('check_rollups', '1 day', '03:10', transaction_timestamp()),
  ('check_drift', '1 day', '02:40', transaction_timestamp()),
  ('clear_sessions', '1 day', '04:10', transaction_timestamp()),
  ('apply_retention', '1 day', '04:40', transaction_timestamp()),
  ('rebuild_rollups', null, null, null);

create table maintenance.run (
  id bigint generated always as identity primary key,
  job text not null references maintenance.job (name),
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text not null default 'running',
  sqlstate text,
  row_count bigint,
  stop_asked boolean not null default false,
  constraint ck_run_outcome
    check (outcome in ('running', 'done', 'alarm', 'failed', 'stopped', 'interrupted')),
  constraint ck_run_ended_at check ((outcome = 'running') = (ended_at is null))
);
create index run_job on maintenance.run (job, id);
comment on table maintenance.run is 'The last 200 runs of each job: when, how they ended, how much they did.';

create table maintenance.finding (
  id bigint generated always as identity primary key,
  run_id bigint not null references maintenance.run (id) on delete cascade,
  object text not null,
  found text not null,
  detail jsonb not null default '{}'
);
create index finding_run on maintenance.finding (run_id);
comment on table maintenance.finding is
  'What a run found wrong, at most 100 a run: each is a reason to look, a run with any is an alarm.';

create table maintenance.setting (
  singleton boolean primary key default true,
  keep_days integer,
  chunks_ahead integer not null default 7,
  keep_sessions_days integer not null default 30,
  constraint ck_setting_singleton check (singleton),
  -- Thirteen months: a report over a year back can always be followed down to its transactions.
  constraint ck_setting_keep_days check (keep_days >= 400),
  constraint ck_setting_chunks_ahead check (chunks_ahead between 1 and 30),
  constraint ck_setting_keep_sessions_days check (keep_sessions_days >= 1)
);
comment on table maintenance.setting is 'What the jobs go by: one row, changed by the owner alone.';
insert into maintenance.setting (singleton) values (true);

create table maintenance.recorded_object (
  kind text not null,
  name text not null,
  definition text not null,
  recorded_at timestamptz not null default transaction_timestamp(),
  primary key (kind, name)
);
comment on table maintenance.recorded_object is
  'Every object of ours as the last migrate left it; maintenance.drift() compares the catalogue with it.';

create table maintenance.applied_file (
  path text primary key,
  sha256 bytea not null,
  applied_at timestamptz not null default transaction_timestamp(),
  constraint ck_applied_file_sha256 check (length(sha256) = 32)
);
comment on table maintenance.applied_file is
  'The files of sql/ that the last migrate ran; `dozir migrate --plan` compares the folder with it.';
