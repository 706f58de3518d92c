-- depends: 0047_marked_arrivals
-- What paid rounds returned, in multiples of their stakes: by stake, place and game, and by game alone.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, ban-drop-function
set local lock_timeout = '10s';

alter table rollup.round_day
  add column round_count bigint not null default 0,
  add column hit_count bigint not null default 0,
  add column multiple_micro numeric not null default 0,
  add column square_micro numeric not null default 0;

create table rollup.return_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  game_id integer not null,
  currency smallint not null,
  round_count bigint not null,
  hit_count bigint not null,
  multiple_micro numeric not null,
  square_micro numeric not null,
  primary key (day, operator_id, game_id, currency, shard)
);
comment on table rollup.return_day is
  'What paid rounds of closed days returned in multiples of their stakes, by game.';

create table rollup.return_month (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  game_id integer not null,
  currency smallint not null,
  round_count bigint not null,
  hit_count bigint not null,
  multiple_micro numeric not null,
  square_micro numeric not null,
  primary key (month, operator_id, game_id, currency, shard)
);
comment on table rollup.return_month is
  'What paid rounds of the closed days of a month returned in multiples of their stakes, by game.';

-- It tells more than it did.
drop function if exists api.report_r05(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz);

-- Days that are counted already are counted again.
insert into rollup.round_due (day, operator_id)
select distinct m.day, m.operator_id from rollup.matched_day as m
on conflict do nothing;
