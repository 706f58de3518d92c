-- depends: 0025_notices
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts
-- squawk-ignore-file constraint-missing-not-valid
-- The audit trail: who saw and who did what, and why they may look.
set local lock_timeout = '10s';

create table audit.event_kind (
  kind text primary key,
  position integer not null,
  name_uk text not null,
  name_en text not null,
  told boolean not null,
  by_portal boolean not null,
  constraint ck_event_kind_kind check (kind ~ '^[a-z_]{1,40}$')
);
comment on table audit.event_kind is
  'What is noted in the trail, in words, and whether operators are told of it; loaded with each version.';

create table audit.reason_kind (
  kind text primary key,
  position integer not null,
  name_uk text not null,
  name_en text not null,
  constraint ck_reason_kind_kind check (kind ~ '^[a-z_]{1,40}$')
);
comment on table audit.reason_kind is
  'Why officials look at single transactions, to choose from; loaded with each version.';

create table audit.event (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  person_id integer,
  role text not null,
  operator_id integer,
  concerns integer,
  kind text not null references audit.event_kind (kind),
  object text,
  object_id text,
  facts jsonb not null,
  request_id text,
  address text,
  told boolean not null,
  salt uuid not null default gen_random_uuid(),
  constraint ck_event_object check (object is not null or object_id is null),
  constraint ck_event_object_id check (length(object_id) <= 200),
  constraint ck_event_facts check (jsonb_typeof(facts) = 'object')
);
create index event_at on audit.event (at, id);
create index event_person on audit.event (person_id, at, id);
create index event_role on audit.event (role, at, id);
create index event_kind_at on audit.event (kind, at, id);
create index event_object on audit.event (object, object_id, at, id) where object is not null;
create index event_concerns on audit.event (concerns, at, id) where concerns is not null;
create index event_told on audit.event (concerns, at, id) where told and concerns is not null;
comment on table audit.event is
  'The trail: who entered, was refused, looked at transactions, took away, decided or changed what. '
  'Append-only; entries of the log vouch for the events of each minute.';

create table audit.seal (
  id bigint generated always as identity primary key,
  sealed_at timestamptz not null default transaction_timestamp(),
  event_count integer not null,
  complete boolean not null,
  entry_id bigint not null references ledger.entry (id),
  constraint ck_seal_event_count check (event_count > 0)
);
create index seal_complete on audit.seal (sealed_at) where complete;
comment on table audit.seal is
  'Entries of the log that vouch for events: a minute''s, at most 1,000 in each.';

create table audit.sealed_event (
  event_id bigint primary key,
  seal_id bigint not null references audit.seal (id)
);
comment on table audit.sealed_event is 'Which seal vouches for an event; none until its minute is over.';

-- How much of what is noted at most so many times a minute there was beyond that.
create table audit.excess (
  minute timestamptz not null,
  who text not null,
  kind text not null,
  number bigint not null,
  constraint pk_excess primary key (minute, who, kind),
  constraint ck_excess_number check (number > 0)
);
comment on table audit.excess is
  'Refusals of the current minutes, counted by whom they concern; what is beyond the bound becomes one '
  'event when the minute is over.';

alter table identity.session
  add column reason_kind text,
  add column reason_text text,
  add column reason_at timestamptz,
  add constraint ck_session_reason check (num_nulls(reason_kind, reason_text, reason_at) in (0, 3)),
  add constraint ck_session_reason_text check (length(reason_text) between 3 and 500);

insert into maintenance.job (name, every, next_run_at, prompt)
values ('seal_events', '1 minute', transaction_timestamp(), true);
