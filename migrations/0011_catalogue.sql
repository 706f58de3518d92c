-- depends: 0010_registers
-- What registers are and how they change, as data: kinds of record with their attributes, states
-- with their transitions, changes that are proposed and decided; and the index of all records, past
-- and present, that lists, search, counts, history and "as of" read.
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts, constraint-missing-not-valid
-- squawk-ignore-file adding-foreign-key-constraint

create table registry.record_kind (
  kind text primary key,
  position smallint not null,
  table_name text not null,
  detail_table text,
  name_uk text not null,
  name_en text not null,
  plural_uk text not null,
  plural_en text not null,
  code_attribute text not null,
  title_uk_attribute text not null,
  title_en_attribute text not null,
  since_attribute text not null,
  until_attribute text not null,
  state_by text not null default 'period',
  facet_a text,
  facet_b text,
  proposed_by_operators boolean not null,
  needs_approval boolean not null,
  constraint ck_record_kind_kind check (kind ~ '^[a-z_]{1,63}$'),
  constraint ck_record_kind_state_by check (state_by in ('period', 'licence', 'equipment'))
);
comment on table registry.record_kind is
  'Kinds of record: one row each. Lists, forms, history and exports follow it.';

create table registry.attribute (
  kind text not null references registry.record_kind (kind),
  name text not null,
  position smallint not null,
  step smallint not null default 1,
  data_type text not null,
  label_uk text not null,
  label_en text not null,
  hint_uk text not null default '',
  hint_en text not null default '',
  required boolean not null default false,
  editable text not null default 'always',
  listed boolean not null default false,
  searchable boolean not null default false,
  private boolean not null default false,
  choice_list text,
  reference_kind text references registry.record_kind (kind),
  unit text,
  pattern text,
  minimum numeric,
  maximum numeric,
  longest integer not null default 500,
  validator text,
  primary key (kind, name),
  constraint ck_attribute_name check (name ~ '^[a-z_0-9]{1,63}$'),
  constraint ck_attribute_data_type check (data_type in (
    'text', 'long_text', 'integer', 'decimal', 'moment', 'choice', 'choices', 'reference', 'parts'
  )),
  constraint ck_attribute_editable check (editable in ('always', 'create', 'never')),
  constraint ck_attribute_choice_list check (
    (data_type in ('choice', 'choices')) = (choice_list is not null)
  ),
  constraint ck_attribute_reference check ((data_type = 'reference') = (reference_kind is not null)),
  constraint ck_attribute_validator check (
    validator in ('edrpou', 'rnokpp', 'domain', 'email', 'phone', 'url')
  )
);
comment on table registry.attribute is
  'What a kind of record consists of: a column of its table with words, form, rules and rights.';

create table registry.choice (
  list text not null,
  value text not null,
  position smallint not null,
  name_uk text not null,
  name_en text not null,
  primary key (list, value)
);
comment on table registry.choice is 'What may be chosen in an attribute: value and words.';

create table registry.workflow_state (
  workflow text not null,
  state text not null,
  position smallint not null,
  name_uk text not null,
  name_en text not null,
  final boolean not null default false,
  primary key (workflow, state)
);
comment on table registry.workflow_state is
  'States and their words: of changes, and of each kind of record.';

create table registry.workflow_transition (
  workflow text not null,
  from_state text not null,
  action text not null,
  to_state text not null,
  roles text[] not null,
  reason_required boolean not null default false,
  name_uk text not null,
  name_en text not null,
  primary key (workflow, from_state, action),
  constraint fk_workflow_transition_from foreign key (workflow, from_state)
    references registry.workflow_state (workflow, state),
  constraint fk_workflow_transition_to foreign key (workflow, to_state)
    references registry.workflow_state (workflow, state)
);
comment on table registry.workflow_transition is
  'Who may take which step from which state; the database takes no other.';

create table registry.change (
  id bigint generated always as identity primary key,
  kind text not null references registry.record_kind (kind),
  action text not null,
  record_id integer,
  operator_id integer references registry.operator (id),
  person_id integer references identity.person (id),
  begun_by text not null,
  proposed jsonb not null,
  base_version integer,
  workflow text not null default 'change',
  state text not null default 'draft',
  version integer not null default 1,
  assignee text,
  errors jsonb not null default '[]',
  created_at timestamptz not null default transaction_timestamp(),
  submitted_at timestamptz,
  decided_at timestamptz,
  constraint fk_change_state foreign key (workflow, state)
    references registry.workflow_state (workflow, state),
  constraint ck_change_action check (action in ('create', 'amend', 'end')),
  constraint ck_change_workflow check (workflow = 'change'),
  constraint ck_change_record check ((action = 'create') or record_id is not null),
  constraint ck_change_base check ((action = 'create') = (base_version is null)),
  constraint ck_change_begun_by check (begun_by in ('operator', 'regulator', 'registrar')),
  constraint ck_change_whose check (operator_id is not null or person_id is not null)
);
create index change_queue on registry.change (state, submitted_at, id);
create index change_operator on registry.change (operator_id, id);
create index change_person on registry.change (person_id, id);
create index change_record on registry.change (kind, record_id);
comment on table registry.change is
  'Applications and changes: what is proposed, on which version of the record, and where it stands.';

create table registry.change_event (
  id bigint generated always as identity primary key,
  change_id bigint not null references registry.change (id),
  happened_at timestamptz not null default clock_timestamp(),
  actor text not null,
  role text not null,
  action text not null,
  from_state text,
  to_state text not null,
  reason text,
  proposed jsonb
);
create index change_event_change on registry.change_event (change_id, id);
comment on table registry.change_event is 'Each step of a change: who, when, why. Append-only.';

create table registry.entry (
  kind text not null references registry.record_kind (kind),
  record_id integer not null,
  version integer not null,
  operator_id integer not null,
  code text not null,
  title_uk text collate "uk-x-icu" not null, -- noqa: RF05
  title_en text collate "uk-x-icu" not null, -- noqa: RF05
  state text not null,
  state_until timestamptz not null,
  facet_a text,
  facet_b text,
  since timestamptz not null,
  until timestamptz not null,
  search_text text not null,
  document jsonb not null,
  recorded_from timestamptz not null,
  recorded_until timestamptz not null default 'infinity',
  actor text not null,
  change_id bigint,
  reason text,
  primary key (kind, record_id, version)
);
create index entry_current on registry.entry (kind, record_id) where recorded_until = 'infinity';
create index entry_title_uk on registry.entry (kind, title_uk, record_id);
create index entry_title_en on registry.entry (kind, title_en, record_id);
create index entry_code on registry.entry (kind, code, record_id);
create index entry_since on registry.entry (kind, since, record_id);
create index entry_until on registry.entry (kind, until, record_id);
create index entry_operator on registry.entry (operator_id, kind, title_uk, record_id);
create index entry_state on registry.entry (kind, state, title_uk, record_id)
  where recorded_until = 'infinity';
create index entry_facet_a on registry.entry (kind, facet_a, title_uk, record_id)
  where recorded_until = 'infinity';
create index entry_facet_b on registry.entry (kind, facet_b, title_uk, record_id)
  where recorded_until = 'infinity';
create index entry_state_until on registry.entry (state_until)
  where recorded_until = 'infinity' and state_until < 'infinity';
create index entry_search on registry.entry using gin (kind public.text_ops, search_text public.gin_trgm_ops)
  where recorded_until = 'infinity';
comment on table registry.entry is
  'Every version of every record as lists, search, history and "as of" read it; the version that '
  'holds has recorded_until infinity. Made from the typed tables by triggers, in the same transaction.';

create table registry.entry_count (
  operator_id integer not null,
  kind text not null,
  state text not null,
  facet_a text not null,
  facet_b text not null,
  record_count bigint not null,
  primary key (operator_id, kind, state, facet_a, facet_b)
) with (fillfactor = 70);
comment on table registry.entry_count is
  'How many present records of each operator, kind, state and facets: exact at commit.';

alter table registry.history
  add column change_id bigint,
  add column reason text;
comment on column registry.history.change_id is 'The change (registry.change) that it came from.';
comment on column registry.history.reason is 'Why, where that was said.';

insert into maintenance.job (name, every, next_run_at)
values ('turn_states', '1 minute', transaction_timestamp());

insert into registry.workflow_state (workflow, state, position, name_uk, name_en, final) values
  ('change', 'draft', 1, 'Чернетка', 'Draft', false),
  ('change', 'submitted', 2, 'Подано', 'Submitted', false),
  ('change', 'in_review', 3, 'На розгляді', 'In review', false),
  ('change', 'returned', 4, 'Повернуто на доопрацювання', 'Returned', false),
  ('change', 'approved', 5, 'Погоджено', 'Approved', true),
  ('change', 'refused', 6, 'Відмовлено', 'Refused', true),
  ('change', 'withdrawn', 7, 'Відкликано', 'Withdrawn', true),
  ('period', 'upcoming', 1, 'Ще не діє', 'Not yet active', false),
  ('period', 'active', 2, 'Діє', 'Active', false),
  ('period', 'ended', 3, 'Припинено', 'Ended', true),
  ('licence', 'upcoming', 1, 'Ще не діє', 'Not yet in force', false),
  ('licence', 'active', 2, 'Чинна', 'In force', false),
  ('licence', 'suspended', 3, 'Зупинена', 'Suspended', false),
  ('licence', 'expired', 4, 'Строк сплив', 'Expired', true),
  ('licence', 'revoked', 5, 'Анульована', 'Revoked', true),
  ('equipment', 'registered', 1, 'Зареєстровано', 'Registered', false),
  ('equipment', 'installed', 2, 'Встановлено', 'Installed', false),
  ('equipment', 'blocked', 3, 'Заблоковано', 'Blocked', false),
  ('equipment', 'retired', 4, 'Виведено з експлуатації', 'Retired', true);

insert into registry.workflow_transition
  (workflow, from_state, action, to_state, roles, reason_required, name_uk, name_en)
values
  ('change', 'draft', 'save', 'draft', '{operator,regulator,registrar}', false, 'Зберегти', 'Save'),
  ('change', 'returned', 'save', 'returned', '{operator}', false, 'Зберегти', 'Save'),
  ('change', 'draft', 'submit', 'submitted', '{operator}', false, 'Подати', 'Submit'),
  ('change', 'returned', 'submit', 'submitted', '{operator}', false, 'Подати знову', 'Submit again'),
  ('change', 'draft', 'withdraw', 'withdrawn', '{operator,regulator,registrar}', false, 'Відкликати',
   'Withdraw'),
  ('change', 'returned', 'withdraw', 'withdrawn', '{operator}', false, 'Відкликати', 'Withdraw'),
  ('change', 'submitted', 'withdraw', 'withdrawn', '{operator}', false, 'Відкликати', 'Withdraw'),
  ('change', 'submitted', 'take', 'in_review', '{regulator,registrar}', false, 'Узяти на розгляд',
   'Take for review'),
  ('change', 'in_review', 'take', 'in_review', '{regulator,registrar}', false, 'Перебрати на себе',
   'Take over'),
  ('change', 'in_review', 'release', 'submitted', '{regulator,registrar}', false, 'Повернути до черги',
   'Put back into the queue'),
  ('change', 'in_review', 'approve', 'approved', '{regulator,registrar}', false, 'Погодити', 'Approve'),
  ('change', 'in_review', 'return', 'returned', '{regulator,registrar}', true, 'Повернути з причиною',
   'Return with reason'),
  ('change', 'in_review', 'refuse', 'refused', '{regulator,registrar}', true, 'Відмовити', 'Refuse'),
  ('change', 'draft', 'enter', 'approved', '{regulator,registrar}', true, 'Внести', 'Enter'),
  ('change', 'draft', 'register', 'approved', '{operator}', false, 'Внести', 'Register'),
  ('licence', 'active', 'suspend', 'suspended', '{regulator,registrar}', true, 'Зупинити', 'Suspend'),
  ('licence', 'suspended', 'resume', 'active', '{regulator,registrar}', true, 'Поновити', 'Resume'),
  ('licence', 'active', 'revoke', 'revoked', '{regulator,registrar}', true, 'Анулювати', 'Revoke'),
  ('licence', 'suspended', 'revoke', 'revoked', '{regulator,registrar}', true, 'Анулювати', 'Revoke'),
  ('equipment', 'registered', 'install', 'installed', '{operator,regulator,registrar}', false,
   'Встановити', 'Install'),
  ('equipment', 'installed', 'move', 'installed', '{operator,regulator,registrar}', false,
   'Перемістити', 'Move'),
  ('equipment', 'installed', 'remove', 'registered', '{operator,regulator,registrar}', false,
   'Зняти з місця', 'Take out of its place'),
  ('equipment', 'registered', 'block', 'blocked', '{regulator,registrar}', true, 'Заблокувати', 'Block'),
  ('equipment', 'installed', 'block', 'blocked', '{regulator,registrar}', true, 'Заблокувати', 'Block'),
  ('equipment', 'blocked', 'restore', 'installed', '{regulator,registrar}', true, 'Розблокувати',
   'Restore'),
  ('equipment', 'registered', 'retire', 'retired', '{operator,regulator,registrar}', true,
   'Вивести з експлуатації', 'Retire'),
  ('equipment', 'installed', 'retire', 'retired', '{operator,regulator,registrar}', true,
   'Вивести з експлуатації', 'Retire'),
  ('equipment', 'blocked', 'retire', 'retired', '{regulator,registrar}', true,
   'Вивести з експлуатації', 'Retire');

insert into registry.choice (list, value, position, name_uk, name_en) values
  ('equipment_kind', 'slot_machine', 1, 'Гральний автомат', 'Slot machine'),
  ('equipment_kind', 'gaming_table', 2, 'Гральний стіл', 'Gaming table'),
  ('equipment_kind', 'terminal', 3, 'Термінал', 'Terminal'),
  ('platform', 'android', 1, 'Android', 'Android'),
  ('platform', 'ios', 2, 'iOS', 'iOS'),
  ('power', 'portal', 1, 'Вхід до порталу', 'Enter the portal'),
  ('power', 'propose', 2, 'Подання змін', 'Propose changes'),
  ('power', 'sign', 3, 'Підписання', 'Sign'),
  ('power', 'keys', 4, 'Ключі доступу', 'Access keys'),
  ('region', 'UA-05', 1, 'Вінницька область', 'Vinnytsia region'),
  ('region', 'UA-07', 2, 'Волинська область', 'Volyn region'),
  ('region', 'UA-09', 3, 'Луганська область', 'Luhansk region'),
  ('region', 'UA-12', 4, 'Дніпропетровська область', 'Dnipropetrovsk region'),
  ('region', 'UA-14', 5, 'Донецька область', 'Donetsk region'),
  ('region', 'UA-18', 6, 'Житомирська область', 'Zhytomyr region'),
  ('region', 'UA-21', 7, 'Закарпатська область', 'Zakarpattia region'),
  ('region', 'UA-23', 8, 'Запорізька область', 'Zaporizhzhia region'),
  ('region', 'UA-26', 9, 'Івано-Франківська область', 'Ivano-Frankivsk region'),
  ('region', 'UA-30', 10, 'Київ', 'Kyiv'),
  ('region', 'UA-32', 11, 'Київська область', 'Kyiv region'),
  ('region', 'UA-35', 12, 'Кіровоградська область', 'Kirovohrad region'),
  ('region', 'UA-40', 13, 'Севастополь', 'Sevastopol'),
  ('region', 'UA-43', 14, 'Автономна Республіка Крим', 'Autonomous Republic of Crimea'),
  ('region', 'UA-46', 15, 'Львівська область', 'Lviv region'),
  ('region', 'UA-48', 16, 'Миколаївська область', 'Mykolaiv region'),
  ('region', 'UA-51', 17, 'Одеська область', 'Odesa region'),
  ('region', 'UA-53', 18, 'Полтавська область', 'Poltava region'),
  ('region', 'UA-56', 19, 'Рівненська область', 'Rivne region'),
  ('region', 'UA-59', 20, 'Сумська область', 'Sumy region'),
  ('region', 'UA-61', 21, 'Тернопільська область', 'Ternopil region'),
  ('region', 'UA-63', 22, 'Харківська область', 'Kharkiv region'),
  ('region', 'UA-65', 23, 'Херсонська область', 'Kherson region'),
  ('region', 'UA-68', 24, 'Хмельницька область', 'Khmelnytskyi region'),
  ('region', 'UA-71', 25, 'Черкаська область', 'Cherkasy region'),
  ('region', 'UA-74', 26, 'Чернігівська область', 'Chernihiv region'),
  ('region', 'UA-77', 27, 'Чернівецька область', 'Chernivtsi region');

insert into registry.record_kind (
  kind, position, table_name, detail_table, name_uk, name_en, plural_uk, plural_en, code_attribute,
  title_uk_attribute, title_en_attribute, since_attribute, until_attribute, state_by, facet_a, facet_b,
  proposed_by_operators, needs_approval
) values
  ('organiser', 1, 'operator', null, 'Організатор', 'Organiser', 'Організатори', 'Organisers', 'code',
   'name_uk', 'name_en', 'active_from', 'active_until', 'period', null, null, true, true),
  ('licence', 2, 'licence', null, 'Ліцензія', 'Licence', 'Ліцензії', 'Licences', 'number', 'number',
   'number', 'valid_from', 'valid_until', 'licence', 'licence_kind_id', null, true, true),
  ('brand', 3, 'brand', null, 'Торгова марка', 'Brand', 'Торгові марки', 'Brands', 'code', 'name_uk',
   'name_en', 'active_from', 'active_until', 'period', null, null, true, true),
  ('venue', 4, 'channel', 'venue', 'Гральний заклад', 'Venue', 'Гральні заклади', 'Venues', 'code',
   'name_uk', 'name_en', 'active_from', 'active_until', 'period', 'region', null, true, true),
  ('website', 5, 'channel', 'website', 'Вебсайт', 'Website', 'Вебсайти', 'Websites', 'code', 'domain',
   'domain', 'active_from', 'active_until', 'period', null, null, true, true),
  ('mobile_application', 6, 'channel', 'mobile_application', 'Мобільний застосунок',
   'Mobile application', 'Мобільні застосунки', 'Mobile applications', 'code', 'name_uk', 'name_en',
   'active_from', 'active_until', 'period', 'platform', null, true, true),
  ('equipment', 7, 'equipment', null, 'Гральне обладнання', 'Equipment', 'Гральне обладнання',
   'Equipment', 'code', 'model', 'model', 'active_from', 'active_until', 'equipment', 'kind', 'model',
   true, true),
  ('game', 8, 'game', null, 'Гра', 'Game', 'Ігри', 'Games', 'code', 'title', 'title', 'active_from',
   'active_until', 'period', 'gambling_type_id', 'provider', true, true),
  ('representative', 9, 'representative', null, 'Уповноважена особа', 'Representative',
   'Уповноважені особи', 'Representatives', 'code', 'name_uk', 'name_en', 'active_from',
   'active_until', 'period', null, null, true, true);

insert into registry.attribute (
  kind, name, position, step, data_type, label_uk, label_en, hint_uk, hint_en, required, editable, listed,
  searchable, private, choice_list, reference_kind, unit, pattern, minimum, maximum, longest, validator
)
select
  a.kind, a.name, a.position, a.step, a.data_type, a.label_uk, a.label_en, a.hint_uk, a.hint_en,
  a.flags @> '{r}' as required,
  case when a.flags @> '{c}' then 'create' when a.flags @> '{n}' then 'never' else 'always' end as editable,
  a.flags @> '{l}' as listed, a.flags @> '{s}' as searchable, a.flags @> '{p}' as private,
  a.choice_list, a.reference_kind, a.unit, a.pattern, a.minimum, a.maximum,
  coalesce(a.longest, 500) as longest, a.validator
-- flags: r required, c only when created, n never edited, l listed, s searched, p private
from (values
  ('organiser', 'code', 1, 1, 'text', 'Код', 'Code', 'Латинські літери, цифри й дефіс',
   'Latin capitals, digits and hyphens', '{r,c,l,s}'::text[], null, null, null,
   '^[A-Z0-9][A-Z0-9-]{1,31}$', null, null, 32, null),
  ('organiser', 'name_uk', 2, 1, 'text', 'Найменування українською', 'Name in Ukrainian', '', '',
   '{r,l,s}', null, null, null, null, null, null, 200, null),
  ('organiser', 'name_en', 3, 1, 'text', 'Найменування англійською', 'Name in English', '', '',
   '{r,l,s}', null, null, null, null, null, null, 200, null),
  ('organiser', 'taxpayer_code', 4, 1, 'text', 'Код ЄДРПОУ', 'EDRPOU code', 'Вісім цифр',
   'Eight digits', '{r,c,l,s}', null, null, null, '^[0-9]{8}$', null, null, 8, 'edrpou'),
  ('organiser', 'active_from', 5, 2, 'moment', 'Діє з', 'Active from', '', '', '{r,l}', null, null,
   null, null, null, null, null, null),
  ('organiser', 'active_until', 6, 2, 'moment', 'Діє до', 'Active until', '', '', '{}', null, null,
   null, null, null, null, null, null),
  ('licence', 'number', 1, 1, 'text', 'Номер', 'Number', '', '', '{r,c,l,s}', null, null, null,
   '^[[:graph:]]{1,64}$', null, null, 64, null),
  ('licence', 'licence_kind_id', 2, 1, 'choice', 'Вид ліцензії', 'Kind of licence', '', '', '{r,c,l}',
   'licence_kind', null, null, null, null, null, null, null),
  ('licence', 'gambling_type_id', 3, 1, 'choice', 'Вид азартних ігор', 'Gambling type', '', '', '{n}',
   'gambling_type', null, null, null, null, null, null, null),
  ('licence', 'valid_from', 4, 2, 'moment', 'Чинна з', 'Valid from', '', '', '{r,c,l}', null, null,
   null, null, null, null, null, null),
  ('licence', 'valid_until', 5, 2, 'moment', 'Чинна до', 'Valid until', '', '', '{r,c,l}', null, null,
   null, null, null, null, null, null),
  ('licence', 'channel_id', 6, 1, 'reference', 'Пункт', 'Point',
   'Лише для ліцензії на букмекерський пункт', 'For the licence of a betting point only', '{c}', null,
   'venue', null, null, null, null, null, null),
  ('licence', 'equipment_id', 7, 1, 'reference', 'Обладнання', 'Equipment',
   'Лише для ліцензії на автомат або стіл', 'For the licence of a machine or table only', '{c}', null,
   'equipment', null, null, null, null, null, null),
  ('licence', 'revoked_at', 8, 3, 'moment', 'Анульовано', 'Revoked', '', '', '{n}', null, null, null,
   null, null, null, null, null),
  ('licence', 'revocation_grounds', 9, 3, 'long_text', 'Підстави анулювання', 'Grounds of revocation',
   '', '', '{n}', null, null, null, null, null, null, 2000, null),
  ('licence', 'suspensions', 10, 3, 'parts', 'Зупинення', 'Suspensions', '', '', '{n}', null, null,
   null, null, null, null, null, null),
  ('brand', 'code', 1, 1, 'text', 'Код', 'Code', '', '', '{r,c,l,s}', null, null, null,
   '^[[:graph:]]{1,64}$', null, null, 64, null),
  ('brand', 'name_uk', 2, 1, 'text', 'Назва українською', 'Name in Ukrainian', '', '', '{r,l,s}', null,
   null, null, null, null, null, 200, null),
  ('brand', 'name_en', 3, 1, 'text', 'Назва англійською', 'Name in English', '', '', '{r,l,s}', null,
   null, null, null, null, null, 200, null),
  ('brand', 'trademark', 4, 1, 'text', 'Свідоцтво на торговельну марку', 'Trade mark certificate', '',
   '', '{l,s}', null, null, null, null, null, null, 100, null),
  ('brand', 'active_from', 5, 2, 'moment', 'Діє з', 'Active from', '', '', '{r,l}', null, null, null,
   null, null, null, null, null),
  ('brand', 'active_until', 6, 2, 'moment', 'Діє до', 'Active until', '', '', '{}', null, null, null,
   null, null, null, null, null),
  ('venue', 'code', 1, 1, 'text', 'Код', 'Code', 'Під цим кодом заклад стоїть у транзакціях',
   'Transactions name the venue by it', '{r,c,l,s}', null, null, null, '^[[:graph:]]{1,64}$', null,
   null, 64, null),
  ('venue', 'name_uk', 2, 1, 'text', 'Назва українською', 'Name in Ukrainian', '', '', '{r,l,s}', null,
   null, null, null, null, null, 200, null),
  ('venue', 'name_en', 3, 1, 'text', 'Назва англійською', 'Name in English', '', '', '{r,s}', null,
   null, null, null, null, null, 200, null),
  ('venue', 'region', 4, 2, 'choice', 'Область', 'Region', '', '', '{r,l}', 'region', null, null, null,
   null, null, null, null),
  ('venue', 'address', 5, 2, 'text', 'Адреса', 'Address', '', '', '{r,l,s}', null, null, null, null,
   null, null, 500, null),
  ('venue', 'latitude', 6, 2, 'decimal', 'Широта', 'Latitude', '', '', '{}', null, null, '°', null, 44,
   53, null, null),
  ('venue', 'longitude', 7, 2, 'decimal', 'Довгота', 'Longitude', '', '', '{}', null, null, '°', null,
   22, 41, null, null),
  ('venue', 'opening_hours', 8, 2, 'text', 'Години роботи', 'Opening hours', '', '', '{l}', null, null,
   null, null, null, null, 200, null),
  ('venue', 'active_from', 9, 3, 'moment', 'Діє з', 'Active from', '', '', '{r,l}', null, null, null,
   null, null, null, null, null),
  ('venue', 'active_until', 10, 3, 'moment', 'Діє до', 'Active until', '', '', '{}', null, null, null,
   null, null, null, null, null),
  ('website', 'code', 1, 1, 'text', 'Код', 'Code', 'Під цим кодом сайт стоїть у транзакціях',
   'Transactions name the website by it', '{r,c,l,s}', null, null, null, '^[[:graph:]]{1,64}$', null,
   null, 64, null),
  ('website', 'name_uk', 2, 1, 'text', 'Назва українською', 'Name in Ukrainian', '', '', '{r,s}', null,
   null, null, null, null, null, 200, null),
  ('website', 'name_en', 3, 1, 'text', 'Назва англійською', 'Name in English', '', '', '{r,s}', null,
   null, null, null, null, null, 200, null),
  ('website', 'domain', 4, 1, 'text', 'Домен', 'Domain', 'Без https:// і шляху',
   'Without https:// and a path', '{r,l,s}', null, null, null, null, null, null, 253, 'domain'),
  ('website', 'domain_unicode', 5, 1, 'text', 'Домен, як його пишуть', 'Domain as it is written', '', '',
   '{n,s}', null, null, null, null, null, null, 253, null),
  ('website', 'brand_id', 6, 1, 'reference', 'Торгова марка', 'Brand',
   'На одному сайті одна торгова марка', 'One brand on a website', '{l}', null, 'brand', null, null,
   null, null, null, null),
  ('website', 'active_from', 7, 2, 'moment', 'Діє з', 'Active from', '', '', '{r,l}', null, null, null,
   null, null, null, null, null),
  ('website', 'active_until', 8, 2, 'moment', 'Діє до', 'Active until', '', '', '{}', null, null, null,
   null, null, null, null, null),
  ('mobile_application', 'code', 1, 1, 'text', 'Код', 'Code',
   'Під цим кодом застосунок стоїть у транзакціях', 'Transactions name the application by it',
   '{r,c,l,s}', null, null, null, '^[[:graph:]]{1,64}$', null, null, 64, null),
  ('mobile_application', 'name_uk', 2, 1, 'text', 'Назва українською', 'Name in Ukrainian', '', '',
   '{r,l,s}', null, null, null, null, null, null, 200, null),
  ('mobile_application', 'name_en', 3, 1, 'text', 'Назва англійською', 'Name in English', '', '',
   '{r,s}', null, null, null, null, null, null, 200, null),
  ('mobile_application', 'platform', 4, 1, 'choice', 'Платформа', 'Platform', '', '', '{r,l}',
   'platform', null, null, null, null, null, null, null),
  ('mobile_application', 'store_identifier', 5, 1, 'text', 'Ідентифікатор у крамниці',
   'Identifier in the store', '', '', '{r,l,s}', null, null, null, '^[A-Za-z0-9._-]+$', null, null, 200,
   null),
  ('mobile_application', 'store_url', 6, 1, 'text', 'Посилання на крамницю', 'Link to the store', '', '',
   '{}', null, null, null, null, null, null, 500, 'url'),
  ('mobile_application', 'active_from', 7, 2, 'moment', 'Діє з', 'Active from', '', '', '{r,l}', null,
   null, null, null, null, null, null, null),
  ('mobile_application', 'active_until', 8, 2, 'moment', 'Діє до', 'Active until', '', '', '{}', null,
   null, null, null, null, null, null, null),
  ('equipment', 'code', 1, 1, 'text', 'Код', 'Code', 'Під цим кодом обладнання стоїть у транзакціях',
   'Transactions name the equipment by it', '{r,c,l,s}', null, null, null, '^[[:graph:]]{1,64}$', null,
   null, 64, null),
  ('equipment', 'kind', 2, 1, 'choice', 'Вид', 'Kind', '', '', '{r,c,l}', 'equipment_kind', null, null,
   null, null, null, null, null),
  ('equipment', 'serial_number', 3, 1, 'text', 'Заводський номер', 'Serial number', '', '', '{r,l,s}',
   null, null, null, null, null, null, 100, null),
  ('equipment', 'manufacturer', 4, 1, 'text', 'Виробник', 'Manufacturer', '', '', '{s}', null, null,
   null, null, null, null, 200, null),
  ('equipment', 'model', 5, 1, 'text', 'Модель', 'Model', '', '', '{r,l,s}', null, null, null, null,
   null, null, 200, null),
  ('equipment', 'channel_id', 6, 2, 'reference', 'Заклад', 'Venue', 'Порожньо: на зберіганні',
   'Empty: in storage', '{l}', null, 'venue', null, null, null, null, null, null),
  ('equipment', 'software_version', 7, 3, 'text', 'Версія програмного забезпечення', 'Software version',
   '', '', '{}', null, null, null, null, null, null, 100, null),
  ('equipment', 'software_sha256', 8, 3, 'text', 'Контрольна сума ПЗ (SHA-256)',
   'Software checksum (SHA-256)', '64 шістнадцяткові цифри', '64 hexadecimal digits', '{}', null, null,
   null, '^[0-9a-f]{64}$', null, null, 64, null),
  ('equipment', 'declared_rtp_ppm', 9, 3, 'integer', 'Заявлений RTP', 'Declared RTP', '', '', '{}', null,
   null, 'ppm', null, 0, 2000000, null, null),
  ('equipment', 'declared_sigma_ppm', 10, 3, 'integer', 'Заявлене σ', 'Declared σ', '', '', '{}', null,
   null, 'ppm', null, 1, 1000000000000, null, null),
  ('equipment', 'state', 11, 4, 'text', 'Стан', 'State', '', '', '{n}', null, null, null, null, null,
   null, null, null),
  ('equipment', 'active_from', 12, 4, 'moment', 'Діє з', 'Active from', '', '', '{r}', null, null, null,
   null, null, null, null, null),
  ('equipment', 'active_until', 13, 4, 'moment', 'Діє до', 'Active until', '', '', '{}', null, null,
   null, null, null, null, null, null),
  ('equipment', 'places', 14, 4, 'parts', 'Де стояло', 'Where it stood', '', '', '{n}', null, null, null,
   null, null, null, null, null),
  ('equipment', 'blocks', 15, 4, 'parts', 'Накази про блокування', 'Blocking orders', '', '', '{n}',
   null, null, null, null, null, null, null, null),
  ('game', 'code', 1, 1, 'text', 'Код', 'Code', 'Під цим кодом гра стоїть у транзакціях',
   'Transactions name the game by it', '{r,c,l,s}', null, null, null, '^[[:graph:]]{1,64}$', null, null,
   64, null),
  ('game', 'title', 2, 1, 'text', 'Назва', 'Title', '', '', '{r,l,s}', null, null, null, null, null,
   null, 200, null),
  ('game', 'provider', 3, 1, 'text', 'Постачальник', 'Provider', '', '', '{r,l,s}', null, null, null,
   null, null, null, 200, null),
  ('game', 'gambling_type_id', 4, 1, 'choice', 'Вид азартних ігор', 'Gambling type', '', '', '{r,c,l}',
   'gambling_type', null, null, null, null, null, null, null),
  ('game', 'version', 5, 2, 'text', 'Версія', 'Version', '', '', '{l}', null, null, null, null, null,
   null, 100, null),
  ('game', 'certificate', 6, 2, 'text', 'Сертифікат відповідності', 'Certificate', '', '', '{s}', null,
   null, null, null, null, null, 200, null),
  ('game', 'software_sha256', 7, 2, 'text', 'Контрольна сума ПЗ (SHA-256)',
   'Software checksum (SHA-256)', '64 шістнадцяткові цифри', '64 hexadecimal digits', '{}', null, null,
   null, '^[0-9a-f]{64}$', null, null, 64, null),
  ('game', 'declared_rtp_ppm', 8, 2, 'integer', 'Заявлений RTP', 'Declared RTP', '', '', '{l}', null,
   null, 'ppm', null, 0, 2000000, null, null),
  ('game', 'declared_sigma_ppm', 9, 2, 'integer', 'Заявлене σ', 'Declared σ', '', '', '{}', null, null,
   'ppm', null, 1, 1000000000000, null, null),
  ('game', 'active_from', 10, 3, 'moment', 'Діє з', 'Active from', '', '', '{r,l}', null, null, null,
   null, null, null, null, null),
  ('game', 'active_until', 11, 3, 'moment', 'Діє до', 'Active until', '', '', '{}', null, null, null,
   null, null, null, null, null),
  ('representative', 'code', 1, 1, 'text', 'Код', 'Code', 'Наприклад, табельний номер',
   'A staff number, for example', '{r,c,l,s}', null, null, null, '^[[:graph:]]{1,64}$', null, null, 64,
   null),
  ('representative', 'name_uk', 2, 1, 'text', 'Прізвище, ім’я, по батькові', 'Name in Ukrainian', '', '',
   '{r,l,s}', null, null, null, null, null, null, 200, null),
  ('representative', 'name_en', 3, 1, 'text', 'Ім’я англійською', 'Name in English', '', '', '{r,s}',
   null, null, null, null, null, null, 200, null),
  ('representative', 'position', 4, 1, 'text', 'Посада', 'Position', '', '', '{r,l,s}', null, null, null,
   null, null, null, 200, null),
  ('representative', 'powers', 5, 2, 'choices', 'Повноваження', 'Powers', '', '', '{r,l}', 'power', null,
   null, null, null, null, null, null),
  ('representative', 'document', 6, 2, 'text', 'Документ про повноваження', 'Document of authority', '',
   '', '{}', null, null, null, null, null, null, 300, null),
  ('representative', 'taxpayer_number', 7, 1, 'text', 'РНОКПП', 'Taxpayer number (RNOKPP)',
   'Десять цифр', 'Ten digits', '{p}', null, null, null, '^[0-9]{10}$', null, null, 10, 'rnokpp'),
  ('representative', 'email', 8, 1, 'text', 'Електронна пошта', 'E-mail', '', '', '{p}', null, null,
   null, null, null, null, 254, 'email'),
  ('representative', 'phone', 9, 1, 'text', 'Телефон', 'Telephone', '', '', '{p}', null, null, null,
   null, null, null, 20, 'phone'),
  ('representative', 'active_from', 10, 2, 'moment', 'Повноваження з', 'Powers from', '', '', '{r,l}',
   null, null, null, null, null, null, null, null),
  ('representative', 'active_until', 11, 2, 'moment', 'Повноваження до', 'Powers until', '', '', '{l}',
   null, null, null, null, null, null, null, null)
) as a (
  kind, name, position, step, data_type, label_uk, label_en, hint_uk, hint_en, flags, choice_list,
  reference_kind, unit, pattern, minimum, maximum, longest, validator
);
