-- depends: 0050_marked_months
-- What is marked of the whole market by day: R06 asks for it, and read by operator it grows with the market.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, ban-drop-function
set local lock_timeout = '10s';

-- No hour is counted meanwhile, nor until the function that fills this table, too, is loaded: what the one
-- before it counted would be missing here.
lock table rollup.game_progress in share row exclusive mode;
drop function if exists maintenance.count_some_games(timestamptz);

create table rollup.market_mark_day (
  day date not null,
  shard smallint not null,
  currency smallint not null,
  breach smallint not null,
  block smallint not null,
  record_count bigint not null,
  bet_minor bigint not null,
  operators bit(1024) not null,
  constraint market_mark_day_pkey primary key (day, shard, currency, breach, block),
  constraint ck_market_mark_day_breach check (breach <> 0)
) with (fillfactor = 80);
comment on table rollup.market_mark_day is
  'Marked transactions of all operators by day (Europe/Kyiv): what arrived before rollup.game_progress.';

insert into rollup.market_mark_day
select
  d.day, d.shard, d.currency, d.breach, (d.operator_id / 1024)::smallint as block,
  sum(d.bet_count + d.win_count + d.refund_count + d.deposit_count + d.withdrawal_count) as record_count,
  sum(d.bet_minor) as bet_minor,
  bit_or(1::bit(1024) << d.operator_id % 1024) as operators
from rollup.mark_day as d
group by 1, 2, 3, 4, 5;
