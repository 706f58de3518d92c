create or replace function rollup.recount_play_month(p_first date, p_last date)
  returns setof rollup.play_month
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What rollup.play_month must hold of the whole months from p_first to p_last, from rollup.play_day.
begin
  return query
  select
    d.operator_id, d.shard, date_trunc('month', d.day::timestamp)::date, d.game_id, d.on_equipment, d.currency,
    date_trunc('month', d.received_day::timestamp)::date,
    sum(d.bet_count)::bigint, sum(d.bet_minor)::bigint, sum(d.win_count)::bigint,
    sum(d.win_minor)::bigint, sum(d.refund_count)::bigint, sum(d.refund_minor)::bigint,
    sum(d.deposit_count)::bigint, sum(d.deposit_minor)::bigint, sum(d.withdrawal_count)::bigint,
    sum(d.withdrawal_minor)::bigint
  from rollup.play_day as d
  where d.day >= p_first and d.day <= p_last
  group by 1, 2, 3, 4, 5, 6, 7;
end
$body$;
comment on function rollup.recount_play_month(date, date) is
  'What rollup.play_month must hold of whole months, recomputed from rollup.play_day.';
