-- depends: 0024_officials
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts
-- squawk-ignore-file constraint-missing-not-valid
-- Notices and the ways they take, mail that waits to be sent, subscriptions to pages, and what each
-- person arranged on the start page.
set local lock_timeout = '10s';

-- What kinds there are is current text in sql/identity/catalogue, loaded whole with every version.
create table identity.notice_kind (
  kind text primary key,
  position smallint not null,
  roles text[] not null,
  name_uk text not null,
  name_en text not null,
  words_uk text not null,
  words_en text not null,
  icon text not null,
  tone text not null,
  by_mail text not null,
  record_kinds text[] not null default '{}',
  constraint ck_notice_kind_kind check (kind ~ '^[a-z_]{1,63}$'),
  constraint ck_notice_kind_tone check (tone in ('ok', 'attention', 'bad', 'info', 'quiet')),
  constraint ck_notice_kind_by_mail check (by_mail in ('none', 'digest', 'at_once'))
);
comment on table identity.notice_kind is
  'Kinds of notices: whom each concerns, what it says in both languages, and its way unless a person '
  'chose another.';

create table identity.notice (
  id bigint generated always as identity primary key,
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  kind text not null,
  subject text not null,
  facts jsonb not null default '{}',
  target text,
  parameters jsonb not null default '{"path": {}, "query": {}}',
  created_at timestamptz not null default transaction_timestamp(),
  in_bell boolean not null default true,
  read_at timestamptz,
  by_mail text not null default 'none',
  mailed_at timestamptz,
  constraint uq_notice_subject unique (person_id, kind, subject),
  constraint ck_notice_facts check (jsonb_typeof(facts) = 'object'),
  constraint ck_notice_target check (target ~ '^[a-z_.]{1,100}$'),
  constraint ck_notice_parameters check (jsonb_typeof(parameters) = 'object'),
  constraint ck_notice_by_mail check (by_mail in ('none', 'digest', 'at_once'))
);
create index notice_person on identity.notice (person_id, id);
create index notice_unread on identity.notice (person_id, id) where read_at is null and in_bell;
create index notice_to_mail on identity.notice (by_mail, person_id)
where by_mail <> 'none' and mailed_at is null;
create index notice_created on identity.notice (created_at);
comment on table identity.notice is
  'What people are told: of which kind, about what, and the page that it leads to.';

create table identity.notice_setting (
  person_id integer not null references identity.person (id),
  kind text not null,
  in_bell boolean not null,
  by_mail text not null,
  primary key (person_id, kind),
  constraint ck_notice_setting_by_mail check (by_mail in ('none', 'digest', 'at_once'))
);
comment on table identity.notice_setting is 'Which way a kind of notices takes, where a person chose one.';

create table identity.contact (
  person_id integer primary key references identity.person (id),
  email text not null,
  language text not null,
  confirmed_at timestamptz,
  digest_hour smallint not null default 8,
  next_digest_at timestamptz not null,
  constraint ck_contact_email
    check (length(email) between 3 and 254 and email ~ '^[!-;=?A-~]+@[A-Za-z0-9.-]+$'),
  constraint ck_contact_language check (language in ('uk', 'en')),
  constraint ck_contact_digest_hour check (digest_hour between 0 and 23)
);
create index contact_next_digest on identity.contact (next_digest_at) where confirmed_at is not null;
comment on table identity.contact is
  'Addresses that people gave for mail. Nothing but the question is sent before its owner has confirmed one.';

create table identity.subscription (
  id bigint generated always as identity primary key,
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  name text not null,
  target text not null,
  parameters jsonb not null,
  every text not null,
  at_weekday smallint not null default 1,
  at_month_day smallint not null default 1,
  at_hour smallint not null,
  language text not null,
  by_mail boolean not null default false,
  created_at timestamptz not null default transaction_timestamp(),
  paused_at timestamptz,
  stopped_at timestamptz,
  next_at timestamptz not null,
  attempt integer not null default 0,
  claimed_at timestamptz,
  constraint ck_subscription_name check (name = btrim(name) and length(name) between 1 and 200),
  constraint ck_subscription_target check (target ~ '^[a-z_.]{1,100}$'),
  constraint ck_subscription_parameters check (jsonb_typeof(parameters) = 'object'),
  constraint ck_subscription_every check (every in ('day', 'week', 'month')),
  constraint ck_subscription_at_weekday check (at_weekday between 1 and 7),
  constraint ck_subscription_at_month_day check (at_month_day between 1 and 31),
  constraint ck_subscription_at_hour check (at_hour between 0 and 23),
  constraint ck_subscription_language check (language in ('uk', 'en'))
);
create index subscription_person on identity.subscription (person_id, id);
create index subscription_due on identity.subscription (next_at)
where stopped_at is null and paused_at is null;
comment on table identity.subscription is
  'Pages that come on a schedule: which, with which filters, when; never an address, never rows.';

create table identity.delivery (
  id bigint generated always as identity primary key,
  subscription_id bigint not null references identity.subscription (id) on delete cascade,
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  due_at timestamptz not null,
  ended_at timestamptz not null default clock_timestamp(),
  outcome text not null,
  notice_id bigint,
  mail_id uuid,
  constraint uq_delivery_due unique (subscription_id, due_at),
  constraint ck_delivery_outcome check (
    outcome in ('delivered', 'no_rights', 'not_there', 'too_slow', 'failed', 'gave_up'))
);
create index delivery_person on identity.delivery (person_id, id);
create index delivery_ended on identity.delivery (ended_at);
comment on table identity.delivery is 'What became of each moment at which a subscription was due.';

create table identity.mail (
  id uuid primary key default gen_random_uuid(),
  person_id integer not null references identity.person (id),
  role text not null,
  operator_id integer,
  kind text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  stop_address text,
  created_at timestamptz not null default transaction_timestamp(),
  state text not null default 'waiting',
  attempt integer not null default 0,
  next_at timestamptz not null default transaction_timestamp(),
  claimed_at timestamptz,
  ended_at timestamptz,
  constraint ck_mail_kind check (kind in ('confirm', 'notice', 'digest', 'subscription')),
  constraint ck_mail_recipient
    check (length(recipient) between 3 and 254 and recipient ~ '^[!-;=?A-~]+@[A-Za-z0-9.-]+$'),
  constraint ck_mail_subject check (subject !~ '[[:cntrl:]]' and length(subject) between 1 and 300),
  constraint ck_mail_stop_address check (stop_address ~ '^https?://[!-;=?-~]+$'),
  constraint ck_mail_state check (state in ('waiting', 'sending', 'sent', 'refused', 'gave_up', 'dropped'))
);
create index mail_due on identity.mail (next_at) where state in ('waiting', 'sending');
create index mail_person on identity.mail (person_id, created_at);
create index mail_created on identity.mail (created_at);
comment on table identity.mail is
  'Mail that waits, was sent or was refused. One that is over keeps no text: its body is emptied.';

create table identity.mail_attempt (
  mail_id uuid not null references identity.mail (id) on delete cascade,
  attempt integer not null,
  attempted_at timestamptz not null default clock_timestamp(),
  outcome text not null,
  reply_code integer,
  primary key (mail_id, attempt),
  constraint ck_mail_attempt_outcome
    check (outcome in ('sent', 'refused', 'unreachable', 'not_now', 'insecure'))
);
comment on table identity.mail_attempt is
  'Each attempt to hand a mail to the mail server, and what that said.';

create table identity.dashboard (
  person_id integer not null references identity.person (id),
  role text not null,
  cards text[] not null,
  hidden text[] not null,
  primary key (person_id, role),
  constraint ck_dashboard_cards check (cardinality(cards) <= 50 and cardinality(hidden) <= 50)
);
comment on table identity.dashboard is
  'The order of the figures on a person''s start page, and which of them do not show.';

insert into maintenance.job (name, every, next_run_at) values
  ('raise_notices', '1 hour', transaction_timestamp()),
  ('clear_notices', '1 day', transaction_timestamp());
