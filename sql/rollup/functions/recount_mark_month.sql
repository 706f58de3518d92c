create or replace function rollup.recount_mark_month(p_first date, p_last date)
  returns setof rollup.mark_month
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What rollup.mark_month must hold of the whole months from p_first to p_last, from rollup.mark_day.
begin
  return query
  select
    d.operator_id, d.shard, date_trunc('month', d.day::timestamp)::date, d.licence_id, d.channel_id,
    d.gambling_type_id, d.currency, d.breach,
    sum(d.bet_count + d.win_count + d.refund_count + d.deposit_count + d.withdrawal_count)::bigint,
    sum(d.bet_count)::bigint, sum(d.bet_minor)::bigint
  from rollup.mark_day as d
  where d.day >= p_first and d.day <= p_last
  group by 1, 2, 3, 4, 5, 6, 7, 8;
end
$body$;
comment on function rollup.recount_mark_month(date, date) is
  'What rollup.mark_month must hold of whole months, recomputed from rollup.mark_day.';
