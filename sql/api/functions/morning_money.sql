create or replace function api.morning_money(p_first date, p_last date, p_currency smallint)
  returns table (
    day date, bet_count bigint, stake_minor bigint, refund_minor bigint, win_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- One row for each day of Europe/Kyiv, both ends included, of all that the caller sees; also for a day
-- without a record. Cancelling records count negative in their own day.
begin
  return query
  select
    g.day::date, coalesce(sum(r.bet_count), 0)::bigint, coalesce(sum(r.bet_minor), 0)::bigint,
    coalesce(sum(r.refund_minor), 0)::bigint, coalesce(sum(r.win_minor), 0)::bigint
  from generate_series(p_first::timestamp, p_last::timestamp, interval '1 day') as g (day)
  left join api.rollup_day as r
    on r.day = g.day::date and r.day >= p_first and r.day <= p_last and r.currency = p_currency
  group by g.day
  order by g.day;
end
$body$;
comment on function api.morning_money(date, date, smallint) is
  'Stakes, refunds and winnings of days, for the start page.';
