create or replace function report.recount_declared_days(
  p_first date, p_last date, p_operators integer[] default null
) returns setof report.declared_days
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What report.declared_days must hold of the whole months from p_first to p_last, from report.declared_day.
begin
  return query
  select
    d.operator_id, date_trunc('month', d.day::timestamp)::date, d.currency,
    bit_or(1 << extract(day from d.day)::integer - 1),
    sum(d.bet_minor - d.refund_minor - d.win_minor)::bigint,
    sum(d.closing_balance_minor - d.opening_balance_minor)::bigint, max(d.day),
    (array_agg(d.closing_balance_minor order by d.day desc))[1],
    (array_agg(d.open_bets_minor order by d.day desc))[1]
  from (
    select distinct on (n.operator_id, n.day, n.currency) n.*
    from report.declared_day as n
    where n.day >= p_first and n.day <= p_last
      and (p_operators is null or n.operator_id = any (p_operators))
    order by n.operator_id, n.day, n.currency, n.version desc
  ) as d
  group by 1, 2, 3;
end
$body$;
comment on function report.recount_declared_days(date, date, integer[]) is
  'What report.declared_days must hold of whole months, recomputed from report.declared_day.';
