create or replace function api.declared_and_observed(
  p_first date,
  p_last date,
  p_operators integer[] default null,
  p_currency smallint default 980,
  p_state text default null,
  p_before_day date default null,
  p_after_operator integer default null,
  p_limit integer default null
) returns table (
    operator_id integer, day date, state text, balanced boolean, late boolean, due_at timestamptz,
    version smallint, declared_at timestamptz,
    declared_bet_count bigint, declared_bet_minor bigint, observed_bet_count bigint,
    observed_bet_minor bigint,
    declared_win_count bigint, declared_win_minor bigint, observed_win_count bigint,
    observed_win_minor bigint,
    declared_refund_count bigint, declared_refund_minor bigint, observed_refund_count bigint,
    observed_refund_minor bigint,
    declared_deposit_count bigint, declared_deposit_minor bigint, observed_deposit_count bigint,
    observed_deposit_minor bigint,
    declared_withdrawal_count bigint, declared_withdrawal_minor bigint,
    observed_withdrawal_count bigint, observed_withdrawal_minor bigint,
    differing_types smallint[], declared_ggr_minor bigint, observed_ggr_minor bigint,
    observed_net_flow_minor bigint, opening_balance_minor bigint, closing_balance_minor bigint,
    previous_closing_minor bigint, opening_error_minor bigint, identity_error_minor bigint,
    open_bets_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What operators declared of days of Europe/Kyiv (both ends included) beside what was received, the
-- newest day first. A day is here that was declared, or on which something was received, or of which a
-- declaration in hryvnias was due from a licensed operator.
-- state: missing (due and not there), awaited (not there, not yet due), differs (a count or a sum is
-- another), matches. p_state takes these, and late and unbalanced. balanced is null without a
-- declaration. identity_error = (closing - opening) - (net flow - GGR), with the balances as they were
-- declared and the flows as they were received; opening_error = opening - the closing declared of the
-- day before. p_before_day and p_after_operator continue a list after its last row.
-- Raises DZV01 for a period that is reversed, too long or of no year that can be, DZV02 for a state.
declare
  today constant date := (statement_timestamp() at time zone 'Europe/Kyiv')::date;
begin
  if p_first is null or p_last is null or p_last < p_first then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_first < '2000-01-01' or p_last > '2199-12-31' then
    raise exception using errcode = 'DZV01', message = 'the year is out of range';
  elsif p_last - p_first > (case cardinality(p_operators) when 1 then 366 else 92 end) then
    raise exception using errcode = 'DZV01', message = 'at most 93 days, of one operator 367';
  elsif p_state is not null
    and p_state not in ('missing', 'awaited', 'differs', 'matches', 'late', 'unbalanced') then
    raise exception using errcode = 'DZV02', message = 'unknown state';
  end if;
  return query
  with declared as (
    select distinct on (d.operator_id, d.day) d.*, first_value(d.declared_at) over (
      partition by d.operator_id, d.day order by d.version
    ) as first_declared_at
    from api.declared_day as d
    where d.day >= p_first - 1 and d.day <= p_last and d.currency = p_currency
      and (p_operators is null or d.operator_id = any (p_operators))
    order by d.operator_id, d.day, d.version desc
  ),
  observed as (
    select
      r.operator_id, r.day,
      sum(r.bet_count)::bigint as bet_count, sum(r.bet_minor)::bigint as bet_minor,
      sum(r.win_count)::bigint as win_count, sum(r.win_minor)::bigint as win_minor,
      sum(r.refund_count)::bigint as refund_count, sum(r.refund_minor)::bigint as refund_minor,
      sum(r.deposit_count)::bigint as deposit_count, sum(r.deposit_minor)::bigint as deposit_minor,
      sum(r.withdrawal_count)::bigint as withdrawal_count,
      sum(r.withdrawal_minor)::bigint as withdrawal_minor
    from api.rollup_day as r
    where r.day >= p_first and r.day <= p_last and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
    group by r.operator_id, r.day
  ),
  calendar as (
    select c.day::date as day, d.days
    from generate_series(p_first::timestamp, least(p_last, today - 1)::timestamp, interval '1 day')
      as c (day)
    left join lateral (
      select l.days from api.declaration_deadline as l
      where l.period = 'day' and l.valid_from <= c.day::date order by l.valid_from desc limit 1
    ) as d on true
  ),
  due as (
    select distinct e.operator_id, c.day
    from calendar as c
    join api.entry as e on e.kind = 'licence' and e.recorded_until = 'infinity'
      and e.since < (c.day + 1)::timestamp at time zone 'Europe/Kyiv'
      and e.until > c.day::timestamp at time zone 'Europe/Kyiv'
    where c.days is not null and p_currency = 980
      -- Of a revoked licence the present entry was recorded as it was revoked.
      and (e.state <> 'revoked' or e.recorded_from > c.day::timestamp at time zone 'Europe/Kyiv')
      and (p_operators is null or e.operator_id = any (p_operators))
  ),
  expected as (
    select e.operator_id, e.day from due as e
    union select o.operator_id, o.day from observed as o
    where o.day < today
    union select d.operator_id, d.day from declared as d where d.day >= p_first
  ),
  compared as (
    select
      e.operator_id as whose, e.day as which, d.operator_id is not null as there, d.version as number,
      d.declared_at as told_at, d.first_declared_at as told_first,
      case when c.days is not null
        then (e.day + 1 + c.days)::timestamp at time zone 'Europe/Kyiv' end as due,
      d.bet_count as d1, d.bet_minor as m1, d.win_count as d2, d.win_minor as m2,
      d.refund_count as d3, d.refund_minor as m3, d.deposit_count as d4, d.deposit_minor as m4,
      d.withdrawal_count as d5, d.withdrawal_minor as m5,
      coalesce(o.bet_count, 0) as c1, coalesce(o.bet_minor, 0) as s1,
      coalesce(o.win_count, 0) as c2, coalesce(o.win_minor, 0) as s2,
      coalesce(o.refund_count, 0) as c3, coalesce(o.refund_minor, 0) as s3,
      coalesce(o.deposit_count, 0) as c4, coalesce(o.deposit_minor, 0) as s4,
      coalesce(o.withdrawal_count, 0) as c5, coalesce(o.withdrawal_minor, 0) as s5,
      d.opening_balance_minor as opening, d.closing_balance_minor as closing,
      d.open_bets_minor as open_bets, p.closing_balance_minor as closed_before
    from expected as e
    left join declared as d on d.operator_id = e.operator_id and d.day = e.day
    left join declared as p on p.operator_id = e.operator_id and p.day = e.day - 1
    left join observed as o on o.operator_id = e.operator_id and o.day = e.day
    left join calendar as c on c.day = e.day
  ),
  judged as (
    select
      x.*,
      case when x.there then array_remove(array[
        case when (x.d1, x.m1) is distinct from (x.c1, x.s1) then 1::smallint end,
        case when (x.d2, x.m2) is distinct from (x.c2, x.s2) then 2::smallint end,
        case when (x.d3, x.m3) is distinct from (x.c3, x.s3) then 3::smallint end,
        case when (x.d4, x.m4) is distinct from (x.c4, x.s4) then 4::smallint end,
        case when (x.d5, x.m5) is distinct from (x.c5, x.s5) then 5::smallint end
      ], null) end as differing,
      (x.closing - x.opening) - ((x.s4 - x.s5) - (x.s1 - x.s3 - x.s2)) as identity_error,
      x.opening - x.closed_before as opening_error,
      coalesce(x.told_first, statement_timestamp()) >= x.due as is_late
    from compared as x
  ),
  told as (
    select
      j.*,
      case
        when not j.there and coalesce(j.is_late, false) then 'missing'
        when not j.there then 'awaited'
        when cardinality(j.differing) > 0 then 'differs'
        else 'matches'
      end as verdict,
      case when j.there then j.identity_error = 0 and coalesce(j.opening_error, 0) = 0 end as balances
    from judged as j
  )
  select
    t.whose, t.which, t.verdict, t.balances, coalesce(t.there and t.is_late, false), t.due, t.number,
    t.told_at,
    t.d1, t.m1, t.c1, t.s1, t.d2, t.m2, t.c2, t.s2, t.d3, t.m3, t.c3, t.s3, t.d4, t.m4, t.c4, t.s4,
    t.d5, t.m5, t.c5, t.s5, t.differing, t.m1 - t.m3 - t.m2, t.s1 - t.s3 - t.s2, t.s4 - t.s5, t.opening,
    t.closing, t.closed_before, t.opening_error, t.identity_error, t.open_bets
  from told as t
  where (
    p_state is null or t.verdict = p_state
    or p_state = 'late' and t.there and t.is_late
    or p_state = 'unbalanced' and not t.balances
  ) and (
    p_before_day is null or t.which < p_before_day
    or t.which = p_before_day and t.whose > p_after_operator
  )
  order by t.which desc, t.whose
  limit p_limit;
end
$body$;
comment on function api.declared_and_observed(
  date, date, integer[], smallint, text, date, integer, integer
) is
  'Declared totals and balances of days beside what was received: differences, missing declarations, and '
  'the error of the identity of balances.';
