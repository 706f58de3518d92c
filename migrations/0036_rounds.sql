-- depends: 0035_bands
-- Rounds of days that are closed: payouts and refunds beside the bets that they belong to.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, require-concurrent-index-creation
set local lock_timeout = '10s';

create table rollup.round_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  game_id integer not null,
  channel_id integer not null,
  currency smallint not null,
  stake_band smallint not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  win_count bigint not null,
  win_minor bigint not null,
  refund_count bigint not null,
  refund_minor bigint not null,
  payout_count bigint not null,
  primary key (day, operator_id, game_id, channel_id, currency, stake_band, shard)
);
comment on table rollup.round_day is
  'Bets, wins and refunds of closed days by the stake of their rounds, game and channel.';

create table rollup.matched_day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  known_count bigint not null,
  unknown_count bigint not null,
  counted_at timestamptz not null,
  primary key (day, operator_id, shard)
);
comment on table rollup.matched_day is
  'Payouts and refunds of closed days: of how many the bet is known.';

create table rollup.round_due (
  day date not null,
  operator_id integer not null,
  primary key (day, operator_id)
);
comment on table rollup.round_due is 'Days of operators whose rounds are to be counted, or counted again.';

create table rollup.round_progress (counted_until timestamptz not null);
comment on table rollup.round_progress is 'Up to which arrival it is known whose days are due: one row.';
-- A month of what is there already is made up for, the newest days first.
insert into rollup.round_progress (counted_until) values (transaction_timestamp() - interval '31 days');

insert into maintenance.job (name, every, at_time, next_run_at, prompt) values
  ('count_rounds', '1 hour', null, transaction_timestamp(), false);

-- Their columns change; what is in sql/ makes them anew.
do $drop$
declare
  one text;
begin
  foreach one in array array['02', '05'] loop
    execute format(
      'drop function if exists api.report_r%s(date, date, text[], integer[], smallint[], integer[], '
      'integer[], integer[], smallint, timestamptz)', one);
  end loop;
end
$drop$;
