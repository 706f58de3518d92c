create or replace function api.market_months(p_first date, p_last date, p_currency smallint default 980)
  returns table (
    month date, gambling_type_id smallint, operator_count bigint, net_stake_minor bigint, ggr_minor bigint
  )
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What an operator may know of the market: sums of whole months that have ended, by kind of gambling, where at
-- least three operators took bets. No other total is given, no finer time and no choice of operators,
-- so that no difference of two answers tells of one competitor; a month that goes on would.
begin
  if p_first is null or p_last is null or p_last < p_first or p_last - p_first >= 3660 then
    raise exception using errcode = 'DZV01', message = 'the period is reversed or too long';
  end if;
  return query
  select
    date_trunc('month', r.day::timestamp)::date, r.gambling_type_id,
    count(distinct r.operator_id) filter (where r.bet_count > 0),
    sum(r.bet_minor - r.refund_minor)::bigint,
    sum(r.bet_minor - r.refund_minor - r.win_minor)::bigint
  from rollup.day as r
  where r.day >= (date_trunc('month', p_first::timestamp + interval '1 month' - interval '1 day'))::date
    and r.day < least(
      date_trunc('month', p_last::timestamp + interval '1 day'),
      date_trunc('month', statement_timestamp() at time zone 'Europe/Kyiv'))::date
    and r.currency = p_currency
  group by 1, 2
  having count(distinct r.operator_id) filter (where r.bet_count > 0) >= 3
  order by 1, 2;
end
$body$;
alter function api.market_months(date, date, smallint) owner to dozir_writer;
comment on function api.market_months(date, date, smallint) is
  'The market by month and kind of gambling, where three operators or more took bets: for operators, too.';
