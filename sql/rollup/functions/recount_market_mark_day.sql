create or replace function rollup.recount_market_mark_day(p_first date, p_last date)
  returns setof rollup.market_mark_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What rollup.market_mark_day must hold of the days from p_first to p_last, from rollup.mark_day.
begin
  return query
  select
    d.day, d.shard, d.currency, d.breach, api.operator_block(d.operator_id),
    sum(d.bet_count + d.win_count + d.refund_count + d.deposit_count + d.withdrawal_count)::bigint,
    sum(d.bet_minor)::bigint, bit_or(api.operator_bit(d.operator_id))::bit(1024)
  from rollup.mark_day as d
  where d.day >= p_first and d.day <= p_last
  group by 1, 2, 3, 4, 5;
end
$body$;
comment on function rollup.recount_market_mark_day(date, date) is
  'What rollup.market_mark_day must hold of days, recomputed from rollup.mark_day.';
