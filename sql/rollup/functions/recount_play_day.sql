create or replace function rollup.recount_play_day(p_first date, p_last date)
  returns setof rollup.play_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What rollup.play_day must hold, from the days of rollup.game_day, which are held against raw rows.
begin
  return query
  select
    d.operator_id, d.shard, d.day, d.game_id, d.equipment_id <> 0, d.currency, d.received_day,
    sum(d.bet_count)::bigint, sum(d.bet_minor)::bigint, sum(d.win_count)::bigint,
    sum(d.win_minor)::bigint, sum(d.refund_count)::bigint, sum(d.refund_minor)::bigint,
    sum(d.deposit_count)::bigint, sum(d.deposit_minor)::bigint, sum(d.withdrawal_count)::bigint,
    sum(d.withdrawal_minor)::bigint
  from rollup.game_day as d
  where d.day >= p_first and d.day <= p_last
  group by 1, 2, 3, 4, 5, 6, 7;
end
$body$;
comment on function rollup.recount_play_day(date, date) is
  'What rollup.play_day must hold of a period, recomputed from rollup.game_day.';
