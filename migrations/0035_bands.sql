-- depends: 0033_arrivals
-- Deposits and withdrawals by amount, and play by cohorts of accounts: counted when a day has closed.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, require-concurrent-index-creation, ban-drop-function
set local lock_timeout = '10s';

create table report.amount_band (
  id smallint primary key,
  valid_from date not null,
  from_minor bigint not null,
  until_minor bigint,
  constraint uq_amount_band_from unique (valid_from, from_minor),
  -- Three digits, so that they sort as texts, too.
  constraint ck_amount_band_id check (id between 100 and 999),
  constraint ck_amount_band_bounds check (from_minor >= 0 and until_minor > from_minor)
);
comment on table report.amount_band is
  'Bands of amounts by which deposits and withdrawals are counted, by the day from which a set of them holds.';

create table rollup.cash_band_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  currency smallint not null,
  band smallint not null,
  deposit_count bigint not null,
  deposit_minor bigint not null,
  withdrawal_count bigint not null,
  withdrawal_minor bigint not null,
  primary key (day, operator_id, currency, band, shard)
);
comment on table rollup.cash_band_day is
  'Deposits and withdrawals of a closed day by bands of amounts, records that take others back subtracted.';

create table rollup.cash_progress (
  day date primary key,
  changes bigint not null,
  rules jsonb not null,
  made_at timestamptz not null default clock_timestamp()
);
comment on table rollup.cash_progress is 'Which days are counted by amount, and by which rules.';

create table rollup.cohort_sum (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  gambling_type_id smallint not null,
  cohort date not null,
  currency smallint not null,
  net_stake_minor bigint not null,
  ggr_minor bigint not null,
  primary key (month, operator_id, gambling_type_id, cohort, currency, shard)
);
comment on table rollup.cohort_sum is
  'What accounts staked and lost in a month, by the month of their first bet.';

-- Days before this are counted by amount only when their records change: history is no upgrade's task.
alter table maintenance.setting add column cash_from date not null
default ((transaction_timestamp() at time zone 'Europe/Kyiv')::date - 31);

-- Months that have a spread of accounts already get their sums of cohorts with it: the last two.
update rollup.player_period as p set made_changes = -1, made_at = null
where p.grain = 'month' and p.made_at is not null
  and p.period_start >= date_trunc('month', (transaction_timestamp() at time zone 'Europe/Kyiv') - interval '1 month')::date;

insert into maintenance.job (name, every, at_time, next_run_at, prompt) values
  ('close_cash', '10 minutes', null, transaction_timestamp(), false);

-- They take amounts, too; what is in sql/ makes them anew.
drop function if exists api.transactions(
  timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint,
  integer[], integer[], integer[], integer[], smallint);
drop function if exists api.transaction_sums(
  timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
  integer[], integer[], smallint);
