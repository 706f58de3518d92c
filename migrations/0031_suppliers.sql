-- depends: 0028_report_speed
-- Many records proposed at once: one change with a row for each record, checked and decided whole.
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts, require-timeout-settings
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-constraint, adding-foreign-key-constraint
set local lock_timeout = '10s';

alter table registry.change
  drop constraint ck_change_action,
  drop constraint ck_change_record,
  drop constraint ck_change_base,
  add constraint ck_change_action check (action in ('create', 'create_many', 'amend', 'end')),
  add constraint ck_change_record check ((action in ('create', 'create_many')) or record_id is not null),
  add constraint ck_change_base check ((action in ('create', 'create_many')) = (base_version is null));

alter table registry.record_kind add column by_file boolean not null default false;
update registry.record_kind set by_file = true
where kind in ('brand', 'venue', 'website', 'mobile_application', 'equipment', 'game');

create table registry.change_row (
  change_id bigint not null references registry.change (id),
  row_number integer not null,
  proposed jsonb not null,
  errors jsonb,
  record_id integer,
  primary key (change_id, row_number),
  constraint ck_change_row_number check (row_number > 0),
  constraint ck_change_row_record check (record_id is null or errors = '[]')
);
create index change_row_unchecked on registry.change_row (change_id, row_number) where errors is null;
create index change_row_wrong on registry.change_row (change_id, row_number)
  where errors is not null and errors <> '[]';
comment on table registry.change_row is
  'Records of a change that proposes many: what each row of the file proposes, and what is wrong with it.';
