-- depends: 0049_busiest_minute
-- What is marked by month: R04 asks for whole months of it, and read by day that grows with the market.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, ban-drop-function
set local lock_timeout = '10s';

create table rollup.mark_month (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  licence_id integer not null,
  channel_id integer not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  breach smallint not null,
  record_count bigint not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  constraint mark_month_pkey primary key (
    month, operator_id, shard, licence_id, channel_id, gambling_type_id, currency, breach
  ),
  constraint ck_mark_month_breach check (breach <> 0)
) with (fillfactor = 80);
-- Most marks are of lateness, and those that are not are asked for more often.
create index mark_month_not_late on rollup.mark_month (month) where breach & 7 <> 0;
comment on table rollup.mark_month is
  'Marked transactions by month of Europe/Kyiv: those that arrived before rollup.game_progress.';

insert into rollup.mark_month
select
  d.operator_id, d.shard, date_trunc('month', d.day::timestamp)::date as month, d.licence_id, d.channel_id,
  d.gambling_type_id, d.currency, d.breach,
  sum(d.bet_count + d.win_count + d.refund_count + d.deposit_count + d.withdrawal_count) as record_count,
  sum(d.bet_count) as bet_count,
  sum(d.bet_minor) as bet_minor
from rollup.mark_day as d
group by 1, 2, 3, 4, 5, 6, 7, 8;

-- It takes one parameter more.
drop function if exists api.equipment_played(date, date, integer[], timestamptz);
