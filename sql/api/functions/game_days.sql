create or replace function api.game_days(p_counted_until timestamptz)
  returns table (
    operator_id integer, shard smallint, day date, game_id integer, equipment_id integer,
    currency smallint, received_day date, bet_count bigint, bet_minor bigint, win_count bigint,
    win_minor bigint, refund_count bigint, refund_minor bigint, deposit_count bigint,
    deposit_minor bigint, withdrawal_count bigint, withdrawal_minor bigint
  )
  language sql stable security invoker
-- Transactions by day of Europe/Kyiv, game and equipment, to be summed: days are made once the hour of
-- arrival is over; what arrived since stands beside them, hour by hour.
--   p_counted_until  api.games_counted_until(), as a variable of the caller: in place of the call the
-- planner knows how few hours are newer, and nothing is called for each row. Inlined.
begin atomic
  select
    d.operator_id, d.shard, d.day, d.game_id, d.equipment_id, d.currency, d.received_day,
    d.bet_count, d.bet_minor, d.win_count, d.win_minor, d.refund_count, d.refund_minor,
    d.deposit_count, d.deposit_minor, d.withdrawal_count, d.withdrawal_minor
  from rollup.game_day as d
  union all
  select
    g.operator_id, g.shard, (g.hour at time zone 'Europe/Kyiv')::date, g.game_id, g.equipment_id,
    g.currency, (g.received_hour at time zone 'Europe/Kyiv')::date,
    g.bet_count, g.bet_minor, g.win_count, g.win_minor, g.refund_count, g.refund_minor,
    g.deposit_count, g.deposit_minor, g.withdrawal_count, g.withdrawal_minor
  from rollup.game_hour as g
  where g.received_hour >= p_counted_until;
end;
comment on function api.game_days(timestamptz) is
  'Transactions by day, game and equipment with what arrived since days were counted.';
