-- depends: 0023_sign_in
-- Who holds which role, by whose decision: roles and permissions as tables, appointments that two officials
-- decide, and the append-only history of both.
-- squawk-ignore-file constraint-missing-not-valid, prefer-robust-stmts, require-timeout-settings
-- squawk-ignore-file adding-foreign-key-constraint, require-concurrent-index-creation
-- squawk-ignore-file ban-drop-constraint
set local lock_timeout = '10s';

create table identity.role (
  code text primary key,
  position smallint not null,
  database_role text not null,
  authority text not null,
  appoints boolean not null default false,
  name_uk text not null,
  name_en text not null,
  about_uk text not null,
  about_en text not null,
  constraint uq_role_position unique (position),
  constraint ck_role_code check (code ~ '^[a-z_]{1,40}$'),
  constraint ck_role_database_role check (database_role in (
    'operator', 'regulator', 'tax_service', 'registrar', 'auditor', 'financial_monitoring', 'fairness',
    'administrator'
  )),
  constraint ck_role_authority check (authority in ('regulator', 'tax_service', 'operator'))
);
comment on table identity.role is 'What people are here: each role, and as which database role it acts.';

create table identity.permission (
  code text primary key,
  position smallint not null,
  area text not null,
  name_uk text not null,
  name_en text not null,
  sees text,
  power text,
  dangerous boolean not null default false,
  four_eyes boolean not null default false,
  constraint uq_permission_position unique (position),
  constraint ck_permission_code check (code ~ '^[a-z_]+\.[a-z_0-9]+$'),
  constraint ck_permission_area
  check (area in ('sight', 'report', 'registry', 'money', 'access', 'people', 'own')),
  constraint ck_permission_sees check ((sees is not null) = (area in ('sight', 'report'))),
  constraint ck_permission_four_eyes check (dangerous or not four_eyes)
);
comment on table identity.permission is
  'What a role may see, which the database grants, and do, which its functions ask.';

create table identity.role_permission (
  role text not null references identity.role (code) on delete cascade,
  permission text not null references identity.permission (code) on delete cascade,
  primary key (role, permission)
);
create index role_permission_permission on identity.role_permission (permission);
comment on table identity.role_permission is 'The matrix: which role has which permission.';

alter table identity.person add column if not exists tax_number text;
alter table identity.person
  drop constraint ck_person_role,
  add constraint ck_person_role check (role in (
    'operator', 'regulator', 'tax_service', 'registrar', 'auditor', 'financial_monitoring', 'fairness',
    'administrator'
  ));

create table identity.appointment (
  id integer generated always as identity primary key,
  person_id integer not null references identity.person (id),
  role text not null,
  state text not null default 'proposed',
  active_from timestamptz not null,
  active_until timestamptz not null default 'infinity',
  made_at timestamptz not null default transaction_timestamp(),
  constraint ck_appointment_state
  check (state in ('proposed', 'in_force', 'suspended', 'ended', 'refused')),
  constraint ck_appointment_term check (active_from < active_until)
);
create unique index uq_appointment_person on identity.appointment (person_id)
where state in ('proposed', 'in_force', 'suspended');
create index appointment_person on identity.appointment (person_id);
comment on table identity.appointment is
  'Who holds which role, since when and until when; at most one at a time.';

create table identity.appointment_change (
  id bigint generated always as identity primary key,
  action text not null,
  person_id integer not null references identity.person (id),
  appointment_id integer references identity.appointment (id),
  role text not null,
  active_from timestamptz,
  active_until timestamptz not null default 'infinity',
  reason text not null,
  state text not null default 'proposed',
  proposed_at timestamptz not null default transaction_timestamp(),
  proposed_by text not null,
  proposed_person integer references identity.person (id),
  decided_at timestamptz,
  decided_by text,
  decided_person integer references identity.person (id),
  decision_reason text,
  constraint ck_appointment_change_action
  check (action in ('appoint', 'change', 'suspend', 'resume', 'end')),
  constraint ck_appointment_change_state
  check (state in ('proposed', 'confirmed', 'refused', 'withdrawn')),
  constraint ck_appointment_change_decided
  check ((state = 'proposed') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
  constraint ck_appointment_change_reason check (length(btrim(reason)) between 1 and 2000)
);
create unique index uq_appointment_change_waiting on identity.appointment_change (person_id)
where state = 'proposed';
create index appointment_change_appointment on identity.appointment_change (appointment_id);
create index appointment_change_person on identity.appointment_change (person_id, id);
comment on table identity.appointment_change is
  'What is proposed of an appointment and how another official decided.';

create table identity.appointment_event (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default transaction_timestamp(),
  person_id integer not null references identity.person (id),
  change_id bigint not null references identity.appointment_change (id),
  deed text not null,
  actor text not null,
  actor_person integer references identity.person (id),
  reason text,
  before jsonb,
  after jsonb,
  constraint ck_appointment_event_deed
  check (deed in ('proposed', 'confirmed', 'refused', 'withdrawn', 'appointed_first', 'set_by_owner'))
);
create index appointment_event_person on identity.appointment_event (person_id, id);
create index appointment_event_change on identity.appointment_event (change_id);
comment on table identity.appointment_event is
  'What happened to appointments, each step once; append-only.';

-- Whoever was here before there were roles keeps what the database role gave: the identities of a
-- demonstration, as nobody else could enter.
insert into identity.appointment (person_id, role, state, active_from)
select
  p.id,
  case p.role
    when 'regulator' then 'supervisor' when 'tax_service' then 'tax_inspector'
    when 'operator' then 'operator_owner' else p.role end as role,
  'in_force' as state, p.active_from
from identity.person as p
where (p.role <> 'operator' and p.active_until = 'infinity')
  or (p.demo and p.operator_id is not null);
