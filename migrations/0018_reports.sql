-- depends: 0017_registry_rest
-- Reports as data: what each answers, which figures it holds and how they follow from which table, by
-- what it may be grouped and where its figures lead. Pages, exports, the API and the command line are
-- made from it. The rows are in sql/report/catalogue, loaded anew with every version.
-- A migration is one transaction, in which an index cannot be built concurrently; repeating it after
-- a failure repeats it whole, and the runner sets the timeouts.
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts, ban-drop-function
-- squawk-ignore-file require-timeout-settings

create table report.report (
  code text primary key,
  position smallint not null,
  category text not null,
  function_name text not null,
  name_uk text not null,
  name_en text not null,
  question_uk text not null,
  question_en text not null,
  reader_uk text not null,
  reader_en text not null,
  chart text not null,
  leading_measure text not null,
  default_by text[] not null,
  default_period text not null,
  readers text[] not null,
  filters text[] not null,
  longest_days smallint not null default 3660,
  source_table text not null,
  yet_to_come_uk text not null default '',
  yet_to_come_en text not null default '',
  constraint ck_report_code check (code ~ '^R[0-9]{2}$'),
  constraint ck_report_category check (
    category in ('operational', 'regulatory', 'analytical', 'financial')),
  constraint ck_report_chart check (chart in ('flows', 'columns', 'lines', 'bars'))
);
comment on table report.report is 'Analytical reports: what each answers, for whom, and how it is shown.';

create table report.measure (
  code text primary key,
  kind text not null,
  name_uk text not null,
  name_en text not null,
  formula_uk text not null,
  formula_en text not null,
  source text not null,
  additive boolean not null,
  records text[] not null default '{}',
  term text not null,
  constraint ck_measure_code check (code ~ '^[a-z0-9_]{1,63}$'),
  constraint ck_measure_kind check (
    kind in ('money', 'count', 'percent', 'number', 'milliseconds', 'moment', 'date'))
);
comment on table report.measure is 'Figures of reports, each defined once and shown by several of them.';

create table report.dimension (
  code text primary key,
  position smallint not null,
  name_uk text not null,
  name_en text not null,
  one_uk text not null,
  one_en text not null,
  in_time boolean not null,
  longest_days smallint not null,
  term text not null,
  constraint ck_dimension_code check (code ~ '^[a-z_]{1,63}$'),
  constraint ck_dimension_longest_days check (longest_days between 1 and 3661)
);
comment on table report.dimension is 'What reports may be grouped by.';

create table report.report_measure (
  report text not null references report.report (code),
  measure text not null references report.measure (code),
  position smallint not null,
  shown boolean not null default true,
  series text,
  primary key (report, measure),
  constraint ck_report_measure_series check (series in ('up', 'down', 'line'))
);
comment on table report.report_measure is 'Which figures a report holds, in which order.';

create table report.report_dimension (
  report text not null references report.report (code),
  dimension text not null references report.dimension (code),
  position smallint not null,
  leads_to text references report.dimension (code),
  primary key (report, dimension)
);
comment on table report.report_dimension is
  'By what a report may be grouped, and one step closer from there.';

-- What came in since a moment: rows of rollups lie in the order of arrival, so that little is read.
create index hour_received_hour on rollup.hour
  using brin (received_hour) with (autosummarize = on, pages_per_range = 16);
create index game_hour_received_hour on rollup.game_hour
  using brin (received_hour) with (autosummarize = on, pages_per_range = 16);

-- Its figures are those of report R03.
drop function if exists api.stakes_and_winnings(date, date, text, integer[], smallint[], smallint);
