-- depends: 0032_integration
-- Arrivals by day: reports on ingestion read a row of each operator and day instead of each hour's histogram.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, require-concurrent-index-creation
set local lock_timeout = '10s';

create table rollup.arrival_day (
  operator_id integer not null,
  shard smallint not null,
  access_key_id integer not null,
  day date not null,
  batch_count bigint not null,
  row_count bigint not null,
  refusal_count bigint not null,
  late_count bigint not null,
  on_time_count bigint not null,
  correction_count bigint not null,
  peak_row_count bigint not null,
  lag_histogram bigint[] not null,
  last_at timestamptz not null,
  primary key (day, operator_id, access_key_id, shard)
);
comment on table rollup.arrival_day is
  'Batches and refusals by day of arrival: of each key, of each operator (key 0), of all (operator 0).';
-- What arrived since days of games were counted is found without a look at every hour.
create index game_hour_received on rollup.game_hour using brin (received_hour)
with (pages_per_range = 32, autosummarize = on);
create table rollup.arrival_progress (counted_until timestamptz not null);
comment on table rollup.arrival_progress is 'How far days of arrival are counted: one row.';
insert into rollup.arrival_progress (counted_until)
select
  coalesce(
    min(i.hour), date_bin('1 hour', transaction_timestamp() - interval '1 hour', '2000-01-01T00:00:00Z')
  ) as counted_until
from rollup.ingest_hour as i;
insert into maintenance.job (name, every, at_time, next_run_at, prompt) values
  ('count_arrivals', '10 minutes', null, transaction_timestamp(), true);

-- Their columns change; what is in sql/ makes them anew.
do $drop$
declare
  one text;
begin
  foreach one in array array['01', '04', '06'] loop
    execute format(
      'drop function if exists api.report_r%s(date, date, text[], integer[], smallint[], integer[], '
      'integer[], integer[], smallint, timestamptz)', one);
  end loop;
end
$drop$;
