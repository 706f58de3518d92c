-- depends: 0027_report_pages
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts, require-timeout-settings
-- squawk-ignore-file ban-drop-function, require-concurrent-index-deletion, adding-field-with-default
-- squawk-ignore-file adding-not-nullable-field, adding-required-field
-- Aggregates that answer for whole months and for games by day, and how much of a day is played at night.
-- A migration is one transaction, in which an index cannot be built concurrently.

alter table rollup.day
  add column night_bet_count bigint not null default 0,
  add column night_bet_minor bigint not null default 0,
  add column night_refund_minor bigint not null default 0;

update rollup.day as d
set
  night_bet_count = n.bet_count, night_bet_minor = n.bet_minor, night_refund_minor = n.refund_minor
from (
  select
    h.operator_id, h.shard, h.gambling_type_id, h.licence_id, h.currency,
    (h.hour at time zone 'Europe/Kyiv')::date as day,
    (h.received_hour at time zone 'Europe/Kyiv')::date as received_day,
    sum(h.bet_count) as bet_count, sum(h.bet_minor) as bet_minor, sum(h.refund_minor) as refund_minor
  from rollup.hour as h
  where extract(hour from h.hour at time zone 'Europe/Kyiv') < 6
  group by 1, 2, 3, 4, 5, 6, 7
) as n
where (n.operator_id, n.shard, n.day, n.gambling_type_id, n.licence_id, n.currency, n.received_day)
  = (d.operator_id, d.shard, d.day, d.gambling_type_id, d.licence_id, d.currency, d.received_day);

create table rollup.month (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  gambling_type_id smallint not null,
  licence_id integer not null,
  currency smallint not null,
  received_month date not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  win_count bigint not null,
  win_minor bigint not null,
  refund_count bigint not null,
  refund_minor bigint not null,
  deposit_count bigint not null,
  deposit_minor bigint not null,
  withdrawal_count bigint not null,
  withdrawal_minor bigint not null,
  night_bet_count bigint not null,
  night_bet_minor bigint not null,
  night_refund_minor bigint not null,
  primary key (operator_id, shard, month, gambling_type_id, licence_id, currency, received_month),
  constraint ck_month_month check (extract(day from month) = 1),
  constraint ck_month_received check (extract(day from received_month) = 1)
) with (fillfactor = 60);
create index month_month on rollup.month (month);
comment on table rollup.month is 'Transactions by month of Europe/Kyiv, gambling type and licence.';
insert into rollup.month
select
  d.operator_id, d.shard, date_trunc('month', d.day::timestamp)::date as month, d.gambling_type_id,
  d.licence_id,
  d.currency, date_trunc('month', d.received_day::timestamp)::date as received_month,
  sum(d.bet_count) as bet_count, sum(d.bet_minor) as bet_minor, sum(d.win_count) as win_count,
  sum(d.win_minor) as win_minor, sum(d.refund_count) as refund_count,
  sum(d.refund_minor) as refund_minor, sum(d.deposit_count) as deposit_count,
  sum(d.deposit_minor) as deposit_minor, sum(d.withdrawal_count) as withdrawal_count,
  sum(d.withdrawal_minor) as withdrawal_minor, sum(d.night_bet_count) as night_bet_count,
  sum(d.night_bet_minor) as night_bet_minor, sum(d.night_refund_minor) as night_refund_minor
from rollup.day as d
group by 1, 2, 3, 4, 5, 6, 7;

create table rollup.game_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  game_id integer not null,
  equipment_id integer not null,
  currency smallint not null,
  received_day date not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  win_count bigint not null,
  win_minor bigint not null,
  refund_count bigint not null,
  refund_minor bigint not null,
  deposit_count bigint not null,
  deposit_minor bigint not null,
  withdrawal_count bigint not null,
  withdrawal_minor bigint not null,
  primary key (operator_id, shard, day, game_id, equipment_id, currency, received_day)
) with (fillfactor = 60);
create index game_day_day on rollup.game_day (day);
comment on table rollup.game_day is
  'Transactions by day of Europe/Kyiv, game and equipment: those that arrived before rollup.game_progress.';

create table rollup.game_progress (
  singleton boolean primary key default true,
  counted_until timestamptz not null,
  constraint ck_game_progress_singleton check (singleton),
  constraint ck_game_progress_hour check (
    counted_until = date_bin('1 hour', counted_until, '2000-01-01T00:00:00Z')
  )
);
comment on table rollup.game_progress is 'How far days of games are counted: one row.';
-- An hour back, as none of the transactions that store batches takes so long.
insert into rollup.game_progress (counted_until)
values (date_bin('1 hour', transaction_timestamp() - interval '1 hour', '2000-01-01T00:00:00Z'));

insert into rollup.game_day
select
  g.operator_id, g.shard, (g.hour at time zone 'Europe/Kyiv')::date as day, g.game_id, g.equipment_id,
  g.currency, (g.received_hour at time zone 'Europe/Kyiv')::date as received_day,
  sum(g.bet_count) as bet_count, sum(g.bet_minor) as bet_minor, sum(g.win_count) as win_count,
  sum(g.win_minor) as win_minor, sum(g.refund_count) as refund_count,
  sum(g.refund_minor) as refund_minor, sum(g.deposit_count) as deposit_count,
  sum(g.deposit_minor) as deposit_minor, sum(g.withdrawal_count) as withdrawal_count,
  sum(g.withdrawal_minor) as withdrawal_minor
from rollup.game_hour as g
where g.received_hour < (select p.counted_until from rollup.game_progress as p)
group by 1, 2, 3, 4, 5, 6, 7;

insert into maintenance.job (name, every, at_time, next_run_at, prompt) values
  ('count_games', '10 minutes', null, transaction_timestamp(), true);

-- Every mark now, as breaches are reported with what came late among them.
drop index if exists rollup.hour_breach;
create index hour_breach on rollup.hour (hour, operator_id) where breach <> 0;

-- Their columns change; what is in sql/ makes them anew.
do $drop$
declare
  one text;
begin
  foreach one in array array['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11'] loop
    execute format(
      'drop function if exists api.report_r%s(date, date, text[], integer[], smallint[], integer[], '
      'integer[], integer[], smallint, timestamptz)', one);
  end loop;
end
$drop$;
