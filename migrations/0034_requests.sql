-- depends: 0033_arrivals
-- Requests of the API by hour and by day: which operation, whose, how answered, how often by a fault of ours.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, ban-drop-constraint
-- squawk-ignore-file constraint-missing-not-valid
set local lock_timeout = '10s';

create table rollup.request_hour (
  operator_id integer not null,
  shard smallint not null,
  hour timestamptz not null,
  access_key_id integer not null,
  endpoint text not null,
  outcome text not null,
  request_count bigint not null,
  fault_count bigint not null,
  primary key (hour, operator_id, access_key_id, endpoint, outcome, shard),
  constraint ck_request_hour_hour check (hour = date_bin('1 hour', hour, timestamptz '2000-01-01T00:00:00Z')),
  constraint ck_request_hour_endpoint check (endpoint ~ '^[a-z][A-Za-z]{0,39}$'),
  constraint ck_request_hour_outcome check (outcome ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint ck_request_hour_count
    check (request_count > 0 and fault_count >= 0 and fault_count <= request_count)
) with (fillfactor = 50);
comment on table rollup.request_hour is
  'Requests of the API by the hour of their answer (UTC), operator and key, operation and outcome.';

create table rollup.request_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  access_key_id integer not null,
  endpoint text not null,
  outcome text not null,
  request_count bigint not null,
  fault_count bigint not null,
  primary key (day, operator_id, access_key_id, endpoint, outcome, shard),
  constraint ck_request_day_count
    check (request_count > 0 and fault_count >= 0 and fault_count <= request_count)
) with (fillfactor = 50);
comment on table rollup.request_day is
  'The same by day of Europe/Kyiv, added to in the same moment.';

-- A figure that is a word: the status of a licence.
alter table report.measure
  drop constraint ck_measure_kind,
  add constraint ck_measure_kind check (
    kind in ('money', 'count', 'percent', 'number', 'milliseconds', 'moment', 'date', 'status'));

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
