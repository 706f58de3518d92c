create or replace function api.tax_sums(
  p_first date,
  p_last date,
  p_operators integer[] default null,
  p_currency smallint default 980,
  p_as_of timestamptz default null
) returns table (
    operator_id integer,
    part integer,
    base_minor bigint,
    taxable_minor bigint,
    tax_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of sums the planner expects few rows, and would sort what it can hash.
  set enable_sort = off
  set enable_mergejoin = off
as $body$
-- What api.tax_estimate tells, by numbers alone: a row for each taxpayer and part of api.tax_parts that was asked
-- for and has records. What is told of a part is the same for all taxpayers, and names take many times as long
-- as numbers: who adds up joins the parts, of which there are few.
-- base_minor by base: ggr = stakes - refunds - winnings, win = winnings, withdrawal = withdrawals.
-- taxable_minor: of a floor, no less than 0 in each part; of "carry_year", a loss lessens the parts that follow
-- in the same calendar year; of "none", the base. tax_minor = taxable * rate, exact, then rounded to the minor
-- unit, halves away from zero; whoever adds up adds rounded parts.
-- Raises DZV01 for a period that is reversed or too long.
declare
  year_begin constant date := date_trunc('year', p_first)::date;
  -- What came before in the year counts only where losses are carried.
  read_from constant date := case
    when exists (
      select from api.tax_rate as r
      where r.loss_rule = 'carry_year' and case when p_as_of is null then r.recorded_until = 'infinity'
        else r.recorded_from <= p_as_of and r.recorded_until > p_as_of end
    ) then year_begin else p_first end;
  -- A month that goes on is read whole where nothing is stored of the days of it that are left out.
  nothing_after constant boolean := not exists (
    select from api.rollup_day as r
    where r.day > p_last and r.day < (date_trunc('month', p_last::timestamp) + interval '1 month')::date
  );
begin
  if p_first is null or p_last is null or p_last < p_first then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_last - p_first > 3660 or p_first < '2000-01-01' or p_last > '2199-12-31' then
    raise exception using errcode = 'DZV01', message = 'at most ten years';
  end if;
  return query
  with part as materialized (
    select n.* from api.tax_parts(p_first, p_last, p_as_of) as n
  ),
  cut as (
    select array_agg(distinct c.day order by c.day) as days
    from part as p
    cross join lateral (values (p.first_day), (p.last_day + 1)) as c (day)
    where not (nothing_after and c.day = p_last + 1)
  ),
  -- Months that a cut divides are read by day, the others whole.
  divided as materialized (
    select m.month::date as since, (m.month + interval '1 month')::date as until
    from cut as c
    cross join generate_series(
      date_trunc('month', read_from::timestamp), date_trunc('month', p_last::timestamp), interval '1 month'
    ) as m (month)
    where exists (
      select from unnest(c.days) as u (day)
      where u.day > m.month::date and u.day < (m.month + interval '1 month')::date
    )
  ),
  -- Sums between cuts are few, so that each part adds up a handful of them and no days.
  figure as (
    select
      d.operator_id, d.gambling_type_id, width_bucket(d.day, c.days) as segment,
      api.total(d.ggr) as ggr, api.total(d.win) as win, api.total(d.withdrawal) as withdrawal
    from (
      select
        m.operator_id, m.gambling_type_id, m.month as day,
        m.bet_minor - m.refund_minor - m.win_minor as ggr, m.win_minor as win,
        m.withdrawal_minor as withdrawal
      from api.rollup_month as m
      where p_as_of is null
        and m.month >= date_trunc('month', read_from::timestamp)::date and m.month <= p_last
        and m.currency = p_currency
        and (p_operators is null or m.operator_id = any (p_operators))
        and not exists (select from divided as v where v.since = m.month)
      union all
      select
        r.operator_id, r.gambling_type_id, r.day, r.bet_minor - r.refund_minor - r.win_minor,
        r.win_minor, r.withdrawal_minor
      from divided as v
      join api.rollup_day as r on r.day >= v.since and r.day < v.until
      where p_as_of is null and r.day >= read_from and r.day <= p_last and r.currency = p_currency
        and (p_operators is null or r.operator_id = any (p_operators))
      union all
      -- Of a divided month each day is asked for, of the others one sum.
      select
        x.key_1::integer, x.key_2::smallint, date '2000-01-01' + x.key_3::integer,
        x.bet_minor - x.refund_minor - x.win_minor,
        x.win_minor, x.withdrawal_minor
      from (
        select read_from as first, p_last as last, 'month' as grain
        union all
        select greatest(v.since, read_from), least(v.until - 1, p_last), 'day' from divided as v
      ) as s
      cross join lateral api.report_flows(
        s.first, s.last, array['operator', 'gambling_type', s.grain], p_operators, null, null, null, null,
        p_currency, p_as_of) as x
      where p_as_of is not null and not x.is_total and (s.grain = 'day' or not exists (
        select from divided as v where v.since = date '2000-01-01' + x.key_3::integer))
    ) as d
    cross join cut as c
    group by 1, 2, 3
  ),
  summed as materialized (
    select
      f.operator_id, p.part,
      api.total(case p.base when 'ggr' then f.ggr when 'win' then f.win else f.withdrawal end) as amount
    from part as p
    cross join cut as c
    join api.tax_class_type as t on t.tax_class = p.tax_class
    join figure as f on f.gambling_type_id = t.gambling_type_id
      and f.segment >= width_bucket(p.first_day, c.days) and f.segment <= width_bucket(p.last_day, c.days)
    group by f.operator_id, p.part
  ),
  -- Losses that are carried lessen what follows in the year: all else is taxed part by part.
  run as (
    select
      s.*, p.series, p.first_day,
      api.total(s.amount) over (partition by s.operator_id, p.series order by p.first_day) as gained
    from summed as s
    join part as p on p.part = s.part
    where p.loss_rule = 'carry_year'
  ),
  peak as (
    select
      r.operator_id, r.part, r.amount,
      greatest(0, max(r.gained) over same_year) as taxed_so_far,
      greatest(0, coalesce(max(r.gained) over before, 0)) as taxed_before
    from run as r
    window
      same_year as (partition by r.operator_id, r.series order by r.first_day),
      before as (
        partition by r.operator_id, r.series
        order by r.first_day rows between unbounded preceding and 1 preceding
      )
  ),
  taxable as (
    select
      s.operator_id, s.part, s.amount,
      case when p.loss_rule = 'floor' then greatest(s.amount, 0) else s.amount end as taxable
    from summed as s
    join part as p on p.part = s.part
    where p.loss_rule <> 'carry_year'
    union all
    select k.operator_id, k.part, k.amount, k.taxed_so_far - k.taxed_before from peak as k
  )
  select
    t.operator_id, t.part, t.amount, t.taxable,
    -- Whole millions are taxed without a rest; what is left of them is rounded.
    t.taxable / 1000000 * p.rate_ppm
      + (t.taxable % 1000000 * p.rate_ppm + case when t.taxable < 0 then -500000 else 500000 end) / 1000000
  from taxable as t
  join part as p on p.part = t.part
  where p.asked;
end
$body$;
comment on function api.tax_sums(date, date, integer[], smallint, timestamptz) is
  'Bases and estimated taxes by taxpayer and part of a month with one rate, from the aggregates.';
