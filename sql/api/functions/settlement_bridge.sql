create or replace function api.settlement_bridge(
  p_operator_id integer, p_first date, p_last date, p_currency smallint default 980
) returns table (
    month date, gambling_type_id smallint, stake_minor bigint, refund_minor bigint, win_minor bigint,
    cash_ggr_minor bigint, opening_proven_minor bigint, opening_possible_minor bigint,
    opening_count bigint, opening_voided_minor bigint, opening_won_minor bigint,
    closing_proven_minor bigint, closing_possible_minor bigint, closing_count bigint,
    settled_minor bigint, settlement_ggr_minor bigint, settlement_least_minor bigint,
    settlement_most_minor bigint, final boolean, measured_at timestamptz
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- From cash GGR to settlement GGR, by month of Europe/Kyiv and kind of gambling, for one operator; the
-- months are those of p_first and p_last and all between, 24 at most. Cash counts each record on its own
-- day; settlement counts a stake when its result is known:
--   settled = opening + stakes - closing;  settlement GGR = settled - refunds - winnings
-- with the stakes that are proven to have been open. opening_possible and closing_possible are what may
-- have been open besides: bets without any result within the window. settlement_least and _most are the
-- bounds with none or all of those. Null where the beginning or the end of the month is not measured.
-- opening_voided and opening_won are what was refunded (or taken back) and won on the opening bets.
-- Raises DZV01 for a period that is reversed or too long.
declare
  first_month constant date := date_trunc('month', p_first::timestamp)::date;
  last_month constant date := date_trunc('month', p_last::timestamp)::date;
begin
  if p_first is null or p_last is null or p_last < p_first then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_first < '2000-01-01' or p_last > '2199-12-31'
    or last_month >= first_month + interval '24 months' then
    raise exception using errcode = 'DZV01', message = 'at most 24 months';
  end if;
  return query
  with cash as (
    select
      date_trunc('month', r.day::timestamp)::date as month, r.gambling_type_id,
      sum(r.bet_minor)::bigint as stake, sum(r.refund_minor)::bigint as refund,
      sum(r.win_minor)::bigint as win
    from api.rollup_day as r
    where r.operator_id = p_operator_id and r.currency = p_currency and r.day >= first_month
      and r.day < (last_month + interval '1 month')::date
    group by 1, 2
  ),
  open as (
    select
      o.month, o.gambling_type_id, sum(o.proven_minor)::bigint as proven,
      sum(o.proven_count)::bigint as proven_count, sum(o.unresolved_minor)::bigint as possible,
      sum(o.voided_minor)::bigint as voided, sum(o.won_minor)::bigint as won,
      bool_and(o.final) as final, min(o.measured_at) as measured_at
    from api.open_bets as o
    where o.operator_id = p_operator_id and o.month >= first_month
      and o.month <= (last_month + interval '1 month')::date
      -- A boundary at which only the hryvnia had to be measured had nothing in another currency.
      and o.currency in (p_currency, 980)
    group by 1, 2
  ),
  open_here as (
    select
      o.month, o.gambling_type_id, o.final, o.measured_at,
      coalesce(h.proven, 0) as proven, coalesce(h.proven_count, 0) as proven_count,
      coalesce(h.possible, 0) as possible, coalesce(h.voided, 0) as voided, coalesce(h.won, 0) as won
    from open as o
    left join lateral (
      select
        sum(b.proven_minor)::bigint as proven, sum(b.proven_count)::bigint as proven_count,
        sum(b.unresolved_minor)::bigint as possible, sum(b.voided_minor)::bigint as voided,
        sum(b.won_minor)::bigint as won
      from api.open_bets as b
      where b.operator_id = p_operator_id and b.month = o.month
        and b.gambling_type_id = o.gambling_type_id and b.currency = p_currency
    ) as h on true
  ),
  keyed as (
    select c.month, c.gambling_type_id from cash as c
    union
    select o.month, o.gambling_type_id from open_here as o
    where o.month <= last_month and (o.proven <> 0 or o.possible <> 0)
  ),
  bridged as (
    select
      k.month as in_month, k.gambling_type_id as of_type, coalesce(c.stake, 0) as stake,
      coalesce(c.refund, 0) as refund, coalesce(c.win, 0) as win,
      a.proven as a_proven, a.possible as a_possible, a.proven_count as a_count, a.voided, a.won,
      z.proven as z_proven, z.possible as z_possible, z.proven_count as z_count,
      a.final and z.final as is_final, least(a.measured_at, z.measured_at) as oldest
    from keyed as k
    left join cash as c on c.month = k.month and c.gambling_type_id = k.gambling_type_id
    left join open_here as a on a.month = k.month and a.gambling_type_id = k.gambling_type_id
    left join open_here as z on z.month = (k.month + interval '1 month')::date
      and z.gambling_type_id = k.gambling_type_id
  )
  select
    b.in_month, b.of_type, b.stake, b.refund, b.win, b.stake - b.refund - b.win, b.a_proven,
    b.a_possible, b.a_count, b.voided, b.won, b.z_proven, b.z_possible, b.z_count,
    b.a_proven + b.stake - b.z_proven,
    b.a_proven + b.stake - b.z_proven - b.refund - b.win,
    b.a_proven + b.stake - b.z_proven - b.z_possible - b.refund - b.win,
    b.a_proven + b.a_possible + b.stake - b.z_proven - b.refund - b.win,
    coalesce(b.is_final, false), b.oldest
  from bridged as b
  order by b.in_month, b.of_type;
end
$body$;
comment on function api.settlement_bridge(integer, date, date, smallint) is
  'From cash GGR to settlement GGR of an operator by month and kind of gambling: bets open as the month '
  'began and ended, placed, settled and voided.';
