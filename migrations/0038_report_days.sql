-- depends: 0037_paid
-- Games by day and month without their equipment, days on which equipment was played on, and marked records
-- by day: what reports on games, equipment and breaches read in place of every machine's day and every hour.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
set local lock_timeout = '10s';

create table rollup.play_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  game_id integer not null,
  on_equipment boolean not null,
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
  primary key (day, operator_id, shard, game_id, on_equipment, currency, received_day)
) with (fillfactor = 80);
comment on table rollup.play_day is
  'Transactions by day of Europe/Kyiv and game: those that arrived before rollup.game_progress.';

create table rollup.play_month (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  game_id integer not null,
  on_equipment boolean not null,
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
  primary key (month, operator_id, shard, game_id, on_equipment, currency, received_month)
) with (fillfactor = 80);
comment on table rollup.play_month is
  'Transactions by month of Europe/Kyiv and game: those that arrived before rollup.game_progress.';

create table rollup.equipment_month (
  operator_id integer not null,
  shard smallint not null,
  equipment_id integer not null,
  month date not null,
  days integer not null,
  primary key (month, operator_id, shard, equipment_id)
) with (fillfactor = 80);
comment on table rollup.equipment_month is
  'On which days of a month equipment was played on, of what arrived before rollup.game_progress.';

create table rollup.mark_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  licence_id integer not null,
  channel_id integer not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  breach smallint not null,
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
  constraint mark_day_pkey primary key (
    day, operator_id, shard, licence_id, channel_id, gambling_type_id, currency, breach, received_day
  ),
  constraint ck_mark_day_breach check (breach <> 0)
) with (fillfactor = 80);
-- Most marks are of lateness, and those that are not are asked for more often.
create index mark_day_not_late on rollup.mark_day (day) where breach & 7 <> 0;
comment on table rollup.mark_day is
  'Marked transactions by day of Europe/Kyiv: those that arrived before rollup.game_progress.';

-- What arrived in the hour that goes on is looked for by every report: a block range index is read whole for
-- that.
drop index rollup.game_hour_received;
drop index rollup.game_hour_received_hour;
drop index rollup.hour_received_hour;
create index game_hour_received_hour on rollup.game_hour (received_hour);
create index hour_received_hour on rollup.hour (received_hour);

insert into rollup.play_day
select
  d.operator_id, d.shard, d.day, d.game_id, d.equipment_id <> 0 as on_equipment, d.currency, d.received_day,
  sum(d.bet_count) as bet_count,
  sum(d.bet_minor) as bet_minor,
  sum(d.win_count) as win_count,
  sum(d.win_minor) as win_minor,
  sum(d.refund_count) as refund_count,
  sum(d.refund_minor) as refund_minor,
  sum(d.deposit_count) as deposit_count,
  sum(d.deposit_minor) as deposit_minor,
  sum(d.withdrawal_count) as withdrawal_count,
  sum(d.withdrawal_minor) as withdrawal_minor
from rollup.game_day as d
group by 1, 2, 3, 4, 5, 6, 7;
insert into rollup.play_month
select
  d.operator_id, d.shard, date_trunc('month', d.day::timestamp)::date as month, d.game_id,
  d.on_equipment, d.currency,
  date_trunc('month', d.received_day::timestamp)::date as received_month,
  sum(d.bet_count) as bet_count,
  sum(d.bet_minor) as bet_minor,
  sum(d.win_count) as win_count,
  sum(d.win_minor) as win_minor,
  sum(d.refund_count) as refund_count,
  sum(d.refund_minor) as refund_minor,
  sum(d.deposit_count) as deposit_count,
  sum(d.deposit_minor) as deposit_minor,
  sum(d.withdrawal_count) as withdrawal_count,
  sum(d.withdrawal_minor) as withdrawal_minor
from rollup.play_day as d
group by 1, 2, 3, 4, 5, 6, 7;
insert into rollup.equipment_month
select
  d.operator_id, d.shard, d.equipment_id, date_trunc('month', d.day::timestamp)::date as month,
  bit_or(1 << extract(day from d.day)::integer - 1) as days
from rollup.game_day as d
where d.equipment_id <> 0
group by 1, 2, 3, 4;
insert into rollup.mark_day
select
  h.operator_id, h.shard, (h.hour at time zone 'Europe/Kyiv')::date as day, h.licence_id, h.channel_id,
  h.gambling_type_id, h.currency, h.breach,
  (h.received_hour at time zone 'Europe/Kyiv')::date as received_day,
  sum(h.bet_count) as bet_count,
  sum(h.bet_minor) as bet_minor,
  sum(h.win_count) as win_count,
  sum(h.win_minor) as win_minor,
  sum(h.refund_count) as refund_count,
  sum(h.refund_minor) as refund_minor,
  sum(h.deposit_count) as deposit_count,
  sum(h.deposit_minor) as deposit_minor,
  sum(h.withdrawal_count) as withdrawal_count,
  sum(h.withdrawal_minor) as withdrawal_minor
from rollup.hour as h
where h.breach <> 0 and h.received_hour < (select p.counted_until from rollup.game_progress as p)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
