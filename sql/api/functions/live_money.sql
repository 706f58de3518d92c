create or replace function api.live_money(p_day date, p_operator integer default null)
  returns table (
    currency smallint, bet_count bigint, bet_minor bigint, win_count bigint, win_minor bigint,
    refund_count bigint, refund_minor bigint, deposit_count bigint, deposit_minor bigint,
    withdrawal_count bigint, withdrawal_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Counts and sums by type and currency of one day of Europe/Kyiv, cancellations taken off, of one
-- operator or of all (null).
begin
  return query
  select
    r.currency, sum(r.bet_count)::bigint, sum(r.bet_minor)::bigint, sum(r.win_count)::bigint,
    sum(r.win_minor)::bigint, sum(r.refund_count)::bigint, sum(r.refund_minor)::bigint,
    sum(r.deposit_count)::bigint, sum(r.deposit_minor)::bigint, sum(r.withdrawal_count)::bigint,
    sum(r.withdrawal_minor)::bigint
  from api.rollup_day as r
  where r.day = p_day and (p_operator is null or r.operator_id = p_operator)
  group by r.currency
  order by r.currency;
end
$body$;
comment on function api.live_money(date, integer) is
  'Money of a day by type and currency, net of cancellations.';
