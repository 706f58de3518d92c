create or replace function api.report_declared(
  p_first date, p_last date, p_by text[], p_operators integer[], p_currency smallint,
  p_as_of timestamptz
) returns table (
    is_total boolean, key_1 bigint, key_2 bigint, key_3 bigint, day_count bigint,
    declared_ggr bigint, observed_ggr bigint,
    balance_change bigint, identity_error bigint, closing_balance bigint, open_bets bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set work_mem = '64MB'
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
  -- Nor sort what it can hash.
  set enable_mergejoin = off
  set enable_sort = off
as $body$
-- What operators declared of days of Europe/Kyiv beside what was received of the same days: a row for each
-- key and one for the total, under the keys of api.report_flows. Declarations are by operator and day: by
-- anything else no row but the total.
--   day_count         operator's days that are declared; only they count below
--   declared_ggr, observed_ggr           stakes - refunds - winnings, as declared and as received
--   balance_change    sum of closing - opening balances, as declared
--   identity_error    sum of (closing - opening) - ((deposits - withdrawals) - GGR), flows as received
--   closing_balance, open_bets           of each operator's last declared day of a row, summed up
-- As of a moment: the version that was declared by then beside what had been received by then. Up to now the
-- whole months of a period are read from api.declared_days, unless days or weeks are asked for; what was
-- received of them is that of the month less that of days that are not declared, which are few.
declare
  by_days constant text[] := case
    when p_by <@ array['operator', 'day', 'week', 'month', 'quarter', 'year'] then p_by else '{}' end;
  -- Then each declared day is the last one of its row.
  of_day constant boolean := 'day' = any (by_days);
  of_operators constant boolean := by_days = array['operator'];
  -- The months read whole: from the first until before the second.
  month_from date := p_first;
  month_until date := p_first;
  -- Days of them that not everyone has declared who declared any.
  open_days date[];
begin
  if p_as_of is null and not by_days && array['day', 'week'] then
    select m.month_from, m.month_until into month_from, month_until
    from api.whole_months(p_first, p_last, not exists (
      select from api.declared_day as d
      where d.day > p_last and d.day < (date_trunc('month', p_last::timestamp) + interval '1 month')::date
    )) as m;
    open_days := array(
      select g.day::date
      from (
        select m.month, bit_and(m.days) as days
        from api.declared_days as m
        where m.month >= month_from and m.month < month_until and m.currency = p_currency
          and (p_operators is null or m.operator_id = any (p_operators))
        group by m.month
      ) as c
      cross join lateral generate_series(
        c.month::timestamp, c.month + interval '1 month' - interval '1 day', interval '1 day') as g (day)
      where c.days & (1 << extract(day from g.day)::integer - 1) = 0);
  end if;
  return query
  -- Corrections are few, and have an index of their own.
  with corrected as materialized (
    select n.operator_id, n.day, max(n.version) as version
    from api.declared_day as n
    where n.version > 1 and n.day >= p_first and n.day <= p_last and n.currency = p_currency
      and (n.day < month_from or n.day >= month_until)
      and (p_operators is null or n.operator_id = any (p_operators))
      and (p_as_of is null or n.declared_at <= p_as_of)
    group by n.operator_id, n.day
  ),
  declared as materialized (
    select
      d.operator_id, d.day, d.bet_minor, d.win_minor, d.refund_minor,
      d.closing_balance_minor - d.opening_balance_minor as grown, d.closing_balance_minor as closing,
      d.open_bets_minor as open
    from api.declared_day as d
    left join corrected as n on n.operator_id = d.operator_id and n.day = d.day
    where (d.day >= p_first and d.day < month_from or d.day >= month_until and d.day <= p_last)
      and d.currency = p_currency
      and (p_operators is null or d.operator_id = any (p_operators))
      and (p_as_of is null or d.declared_at <= p_as_of)
      and d.version = coalesce(n.version, 1)
  ),
  month_declared as materialized (
    select
      m.operator_id, m.month, m.days, m.ggr_minor as told, m.balance_change_minor as grown, m.last_day,
      m.closing_balance_minor as closing, m.open_bets_minor as open
    from api.declared_days as m
    where m.month >= month_from and m.month < month_until and m.currency = p_currency
      and (p_operators is null or m.operator_id = any (p_operators))
  ),
  -- By operator, day and kind, and not summed up first: whatever adds up is added once, by key.
  received as (
    select
      r.operator_id, r.day, r.bet_minor - r.refund_minor - r.win_minor as ggr,
      r.deposit_minor - r.withdrawal_minor as flow
    from api.rollup_day as r
    where p_as_of is null and r.currency = p_currency
      and (r.day >= p_first and r.day < month_from or r.day >= month_until and r.day <= p_last)
      and (p_operators is null or r.operator_id = any (p_operators))
    union all
    select
      x.key_1::integer, date '2000-01-01' + x.key_2::integer, x.bet_minor - x.refund_minor - x.win_minor,
      x.deposit_minor - x.withdrawal_minor
    from api.report_flows(
    p_first, p_last, array['operator', 'day'], p_operators, null, null, null, null, p_currency,
    p_as_of) as x
    where p_as_of is not null and not x.is_total
  ),
  keyed as (
    select
      api.report_key(by_days[1], d.day, null, d.operator_id, null, null, null, null, null, null, null) as k_1,
      api.report_key(by_days[2], d.day, null, d.operator_id, null, null, null, null, null, null, null) as k_2,
      api.report_key(by_days[3], d.day, null, d.operator_id, null, null, null, null, null, null, null) as k_3,
      d.*
    from (
      select
        c.operator_id, c.day, 1::bigint as days, c.bet_minor - c.refund_minor - c.win_minor as told, c.grown,
        0::bigint as ggr, 0::bigint as flow, c.closing, c.open
      from declared as c
      union all
      select r.operator_id, r.day, 0, 0, 0, r.ggr, r.flow, 0, 0
      from received as r
      join declared as c on c.operator_id = r.operator_id and c.day = r.day
      union all
      select
        m.operator_id, m.month, bit_count(m.days::bit(32)), m.told, m.grown, 0, 0, m.closing, m.open
      from month_declared as m
      union all
      select
        r.operator_id, r.month, 0, 0, 0, r.bet_minor - r.refund_minor - r.win_minor,
        r.deposit_minor - r.withdrawal_minor, 0, 0
      from api.rollup_month as r
      join month_declared as m on m.operator_id = r.operator_id and m.month = r.month
      where r.month >= month_from and r.month < month_until and r.currency = p_currency
      union all
      select
        r.operator_id, r.day, 0, 0, 0, r.win_minor + r.refund_minor - r.bet_minor,
        r.withdrawal_minor - r.deposit_minor, 0, 0
      from api.rollup_day as r
      join month_declared as m
        on m.operator_id = r.operator_id and m.month = date_trunc('month', r.day::timestamp)::date
      where r.day = any (open_days) and r.currency = p_currency
        and m.days & (1 << extract(day from r.day)::integer - 1) = 0
    ) as d
  ),
  by_key as materialized (
    select
      k.k_1, k.k_2, k.k_3, api.total(k.days) as days, api.total(k.told) as told,
      api.total(k.grown) as grown, api.total(k.ggr) as ggr, api.total(k.flow) as flow,
      api.total(k.closing) as closing, api.total(k.open) as open
    from keyed as k
    group by k.k_1, k.k_2, k.k_3
  ),
  summed as (
    select false as of_all, b.* from by_key as b where cardinality(by_days) > 0
    union all
    select
      true, -1, -1, -1, api.total(b.days), api.total(b.told), api.total(b.grown), api.total(b.ggr),
      api.total(b.flow), null, null
    from by_key as b
    having count(*) > 0
  ),
  -- Each operator's last declared day: of all, and of each row where that is no day itself.
  last_of_all as materialized (
    select n.operator_id, n.closing, n.open
    from (
      select
        m.operator_id, m.closing, m.open,
        row_number() over (partition by m.operator_id order by m.last_day desc) as nth
      from month_declared as m
      where month_until > p_last and month_from = p_first
    ) as n
    where n.nth = 1
    union all
    select o.id as operator_id, l.closing_balance_minor as closing, l.open_bets_minor as open
    from api.operator as o
    cross join lateral (
      select d.closing_balance_minor, d.open_bets_minor
      from api.declared_day as d
      where d.operator_id = o.id and d.day >= p_first and d.day <= p_last and d.currency = p_currency
        and (p_as_of is null or d.declared_at <= p_as_of)
      order by d.day desc, d.version desc
      limit 1
    ) as l
    where (month_until <= p_last or month_from > p_first) and (p_operators is null or o.id = any (p_operators))
  ),
  told as (
    select d.operator_id, d.day, d.closing, d.open from declared as d
    union all
    select m.operator_id, m.last_day, m.closing, m.open from month_declared as m
  ),
  ends as materialized (
    select
      api.report_key(by_days[1], d.day, null, d.operator_id, null, null, null, null, null, null, null) as k_1,
      api.report_key(by_days[2], d.day, null, d.operator_id, null, null, null, null, null, null, null) as k_2,
      api.report_key(by_days[3], d.day, null, d.operator_id, null, null, null, null, null, null, null) as k_3,
      d.operator_id, max(d.day) as day
    from told as d
    where cardinality(by_days) > 0 and not of_day and not of_operators
    group by 1, 2, 3, 4
  ),
  standing as (
    select
      false as of_all, e.k_1, e.k_2, e.k_3, api.total(d.closing) as closing, api.total(d.open) as open
    from ends as e
    join told as d on d.operator_id = e.operator_id and d.day = e.day
    group by e.k_1, e.k_2, e.k_3
    union all
    select false, l.operator_id, -1, -1, l.closing, l.open from last_of_all as l where of_operators
    union all
    select true, -1, -1, -1, api.total(l.closing), api.total(l.open) from last_of_all as l
  )
  select
    s.of_all, s.k_1, s.k_2, s.k_3, s.days, s.told, s.ggr, s.grown, s.grown - s.flow + s.ggr,
    case when of_day and not s.of_all then s.closing else t.closing end,
    case when of_day and not s.of_all then s.open else t.open end
  from summed as s
  left join standing as t on t.of_all = s.of_all and t.k_1 = s.k_1 and t.k_2 = s.k_2 and t.k_3 = s.k_3;
end
$body$;
comment on function api.report_declared(date, date, text[], integer[], smallint, timestamptz) is
  'Declared totals and balances beside what was received of the same days, under the keys of reports.';
