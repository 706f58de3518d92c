-- depends: 0018_reports
-- squawk-ignore-file ban-drop-function, require-concurrent-index-creation
-- squawk-ignore-file constraint-missing-not-valid
-- Players' accounts: which were active on a day, and with what sums; and the counters that pages
-- read. An account is an operator's pseudonym: whoever plays with two operators has two of them.
-- Filled from new batches by a job, never by the trigger of ledger.transaction.
set local lock_timeout = '10s';

create table rollup.player_day (
  operator_id integer not null,
  shard smallint not null,
  player uuid not null,
  day date not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  bets bigint not null,
  stake_minor bigint not null,
  win_minor bigint not null,
  refund_minor bigint not null,
  deposit_minor bigint not null,
  withdrawal_minor bigint not null,
  night_stake_minor bigint not null,
  -- An account's days lie together: whether it was active before, or else in this month, is a probe.
  primary key (operator_id, shard, player, day, gambling_type_id, currency)
) with (fillfactor = 80);
create index player_day_day on rollup.player_day (day);
comment on table rollup.player_day is
  'What each account did on a day of Europe/Kyiv, by gambling type and currency. No portal role reads '
  'it; it is dropped after maintenance.setting.keep_player_months.';

create table rollup.account_count (
  operator_id integer not null,
  shard smallint not null,
  grain text not null,
  period_start date not null,
  gambling_type_id smallint not null,
  active_count bigint not null,
  new_count bigint not null,
  active_days bigint not null,
  primary key (operator_id, shard, grain, period_start, gambling_type_id),
  constraint ck_account_count_grain check (grain in ('day', 'week', 'month', 'quarter')),
  constraint ck_account_count_start
    check (period_start = date_trunc(grain, period_start::timestamp)::date)
) with (fillfactor = 70);
create index account_count_period on rollup.account_count (grain, period_start);
comment on table rollup.account_count is
  'How many accounts were active in a day, week, month or quarter, how many for the first time, and on '
  'how many days all together; gambling type 0 counts each account once over all types.';

create table rollup.account_spread (
  grain text not null,
  period_start date not null,
  operator_id integer not null,
  shard smallint not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  until_day date not null,
  account_count bigint not null,
  night_account_count bigint not null,
  stake_minor bigint not null,
  night_stake_minor bigint not null,
  ggr_minor bigint not null,
  gain_minor bigint not null,
  top1_minor bigint not null,
  top10_minor bigint not null,
  lorenz_minor bigint[] not null,
  loss_steps bigint[] not null,
  loss_counts bigint[] not null,
  primary key (grain, period_start, operator_id, shard, gambling_type_id, currency),
  constraint ck_account_spread_grain check (grain in ('day', 'week', 'month', 'quarter')),
  constraint ck_account_spread_arrays
    check (cardinality(lorenz_minor) = 20 and cardinality(loss_steps) = cardinality(loss_counts))
);
comment on table rollup.account_spread is
  'How play is spread over the accounts that were active in a period, up to its last closed day; '
  'operator 0 is all operators together, gambling type 0 all types.';

create table rollup.account_cohort (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  gambling_type_id smallint not null,
  cohort date not null,
  account_count bigint not null,
  primary key (operator_id, shard, month, gambling_type_id, cohort)
);
create index account_cohort_month on rollup.account_cohort (month);
comment on table rollup.account_cohort is
  'Of the accounts active in a month: in which month they were first active.';

create table rollup.player_period (
  grain text not null,
  period_start date not null,
  changes bigint not null,
  made_changes bigint not null default 0,
  made_at timestamptz,
  primary key (grain, period_start),
  constraint ck_player_period_grain check (grain in ('day', 'week', 'month', 'quarter'))
) with (fillfactor = 50);
comment on table rollup.player_period is
  'Which periods got records since their spread was made last.';

create table rollup.player_progress (
  singleton boolean primary key default true,
  leaf_count bigint not null default 0,
  counted_until timestamptz not null default '-infinity',
  kept_from date not null,
  dropped_before date,
  constraint ck_player_progress_singleton check (singleton),
  constraint ck_player_progress_leaf_count check (leaf_count >= 0)
) with (fillfactor = 50);
comment on table rollup.player_progress is
  'How far accounts are counted: one row, whose lock lets one count at a time.';
insert into rollup.player_progress (kept_from)
values (((transaction_timestamp() at time zone 'Europe/Kyiv') - interval '24 months')::date);

-- From a place in the log to the batch that has it.
create index batch_entry on ledger.batch (entry_id) where entry_id is not null;

alter table maintenance.setting add column keep_player_months integer not null default 24;
alter table maintenance.setting add constraint ck_setting_keep_player_months
check (keep_player_months between 4 and 120);

-- Some work may not wait until a long job has ended: the runner does it beside the others.
alter table maintenance.job add column prompt boolean not null default false;
drop function if exists maintenance.due_job();

insert into maintenance.job (name, every, at_time, next_run_at, prompt) values
  ('count_players', '1 minute', null, transaction_timestamp(), true),
  ('close_players', '10 minutes', null, transaction_timestamp(), false),
  ('drop_players', '1 day', '04:50', transaction_timestamp(), false);
