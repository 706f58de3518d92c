create or replace function api.report_r11(
  p_first date, p_last date, p_by text[] default '{operator}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null, p_tax_classes text[] default null
) returns table (
    is_total boolean, keys text[], ggr_minor bigint, taxable_ggr_minor bigint, tax_rate_percent numeric,
    ggr_tax_minor bigint, win_minor bigint, withdrawal_minor bigint, pit_of_win_minor bigint,
    pit_of_withdrawal_minor bigint, levy_of_win_minor bigint, levy_of_withdrawal_minor bigint,
    unverified_rate_count bigint, declared_months bigint, declared_month_ggr_minor bigint,
    declared_month_difference_minor bigint, declared_ggr_tax_minor bigint, estimated_of_win_minor bigint,
    estimated_of_withdrawal_minor bigint, paid_minor bigint, gap_of_win_minor bigint,
    gap_of_win_percent numeric, gap_of_withdrawal_minor bigint, gap_of_withdrawal_percent numeric
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
as $body$
-- R11 Estimated taxes of taxpayers by class and period, from api.tax_sums: the tax period is the calendar
-- month, cut where a rate changes and at the ends of the period asked for; every sum is of parts rounded one by
-- one. The income tax of players and the military levy are told of both bases, winnings and withdrawals. Of
-- a tax class, GGR and its tax are of classes of that tax, winnings and withdrawals of those of the others.
-- Of kinds of gambling and of licences no tax is told: taxes are of classes, which hold several. The rate is
-- told where one holds in all of a row. As of a past moment all is as it was recorded then.
-- Declared GGR is of the whole months within the period that were declared on the cash basis, and its
-- difference from what was received of the same taxpayers, months and kinds of gambling. The tax on it is
-- that of the classes whose rate holds for the whole month, and without losses that are carried.
-- Paid is what the tax service recorded of the whole months within the period, in hryvnias; the gap is the
-- estimate of the same months less that, and its share of the estimate. Of both readings of the players' tax
-- base: the taxes together on winnings, and on withdrawals.
-- The parameters are those of every report, see docs/reports.md, and the tax classes to which it is narrowed:
-- then the total, too, is of classes. Raises what api.report_check raises, and DZV03 for classes beside kinds
-- of gambling or licences.
declare
  of_types constant boolean := 'gambling_type' = any (p_by) or p_gambling_types is not null;
  in_classes constant boolean := p_tax_classes is not null;
  of_class constant boolean := in_classes or p_by && array['tax_class', 'tax_kind'];
  taxed constant boolean := not of_types and p_licences is null
    and (p_as_of is null or exists (select from api.tax_rate as r where r.recorded_from <= p_as_of));
  declared constant boolean := not of_class and p_licences is null;
  payable constant boolean := taxed and p_currency = 980 and not in_classes and not 'tax_class' = any (p_by);
  spans constant text[] := array['month', 'quarter', 'year'];
  span constant text := (select u.name from unnest(p_by) as u (name) where u.name = any (spans));
  span_place constant integer := array_position(p_by, span);
  -- By what flows are known: a class is none of theirs.
  flows_by constant text[] := case when of_class then '{}' else p_by end;
  month_first constant date := date_trunc('month', p_first + interval '1 month' - interval '1 day')::date;
  month_until constant date := date_trunc('month', (p_last + 1)::timestamp)::date;
begin
  perform api.report_check(
    'R11', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  if in_classes and (of_types or p_licences is not null) then
    raise exception using
      errcode = 'DZV03', message = 'taxes are of classes, not of kinds of gambling or licences';
  end if;
  return query
  -- Rates that no two officials have confirmed, each a bit of a mask: what a row is made of is or-ed together.
  with rate as materialized (
    select
      r.id, r.base,
      case when r.verified_by is null then set_bit(
        repeat('0', (count(*) over ())::integer)::varbit, (row_number() over (order by r.id))::integer - 1, 1)
      end as mask
    from api.tax_rate as r
  ),
  -- What is told of a part of a month, once for all taxpayers: each sum below is of some parts, and texts would be
  -- compared for every one of them. An undisputed base is that of both readings.
  part as materialized (
    select
      p.part, p.month, p.kind, c.position as class_key, r.mask,
      p.base = 'ggr' as of_ggr, p.kind = 'ggr_tax' as of_ggr_tax,
      case when p.kind = 'ggr_tax' then p.rate_ppm end as ggr_rate,
      p.kind = 'pit' and p.base = 'win' as pit_of_win,
      p.kind = 'pit' and p.base = 'withdrawal' as pit_of_withdrawal,
      p.kind = 'military_levy' and p.base = 'win' as levy_of_win,
      p.kind = 'military_levy' and p.base = 'withdrawal' as levy_of_withdrawal,
      p.base <> 'withdrawal' or r.base = 'withdrawal' as of_win,
      p.base <> 'win' or r.base = 'win' as of_withdrawal,
      (p.base <> 'withdrawal' or r.base = 'withdrawal') and w.whole as due_of_win,
      (p.base <> 'win' or r.base = 'win') and w.whole as due_of_withdrawal
    from api.tax_parts(p_first, p_last, p_as_of) as p
    join api.tax_class as c on c.code = p.tax_class
    join rate as r on r.id = p.rate_id
    cross join lateral (select p.month >= month_first and p.month < month_until as whole) as w
    where p_tax_classes is null or p.tax_class = any (p_tax_classes)
  ),
  sums as (
    select
      case p_by[1] when 'tax_class' then p.class_key when 'tax_kind' then api.tax_kind_key(p.kind)
        else api.report_key(
          p_by[1], p.month, null, s.operator_id, null, null, null, null, null, null, null) end as k_1,
      case p_by[2] when 'tax_class' then p.class_key when 'tax_kind' then api.tax_kind_key(p.kind)
        else api.report_key(
          p_by[2], p.month, null, s.operator_id, null, null, null, null, null, null, null) end as k_2,
      case p_by[3] when 'tax_class' then p.class_key when 'tax_kind' then api.tax_kind_key(p.kind)
        else api.report_key(
          p_by[3], p.month, null, s.operator_id, null, null, null, null, null, null, null) end as k_3,
      min(p.ggr_rate) as least_rate, max(p.ggr_rate) as greatest_rate, bit_or(p.mask) as unverified,
      api.total(s.base_minor) filter (where p.of_ggr) as ggr,
      api.total(s.taxable_minor) filter (where p.of_ggr_tax) as taxable,
      api.total(s.tax_minor) filter (where p.of_ggr_tax) as tax,
      api.total(s.base_minor) filter (where p.pit_of_win) as win,
      api.total(s.base_minor) filter (where p.pit_of_withdrawal) as withdrawal,
      api.total(s.tax_minor) filter (where p.pit_of_win) as pit_of_win,
      api.total(s.tax_minor) filter (where p.pit_of_withdrawal) as pit_of_withdrawal,
      api.total(s.tax_minor) filter (where p.levy_of_win) as levy_of_win,
      api.total(s.tax_minor) filter (where p.levy_of_withdrawal) as levy_of_withdrawal,
      api.total(s.tax_minor) filter (where p.of_win) as of_win,
      api.total(s.tax_minor) filter (where p.of_withdrawal) as of_withdrawal,
      api.total(s.tax_minor) filter (where p.due_of_win) as due_of_win,
      api.total(s.tax_minor) filter (where p.due_of_withdrawal) as due_of_withdrawal
    from api.tax_sums(p_first, p_last, p_operators, p_currency, p_as_of) as s
    join part as p on p.part = s.part
    where taxed
    group by 1, 2, 3
  ),
  -- Summed up once by key, and those sums for the total.
  estimated as (
    select
      grouping(s.k_1, s.k_2, s.k_3) <> 0 as of_all, coalesce(s.k_1, -1) as k_1,
      coalesce(s.k_2, -1) as k_2, coalesce(s.k_3, -1) as k_3,
      api.total(s.ggr) as ggr, api.total(s.taxable) as taxable,
      case when min(s.least_rate) = max(s.greatest_rate) then round(min(s.least_rate) / 10000.0, 4) end as rate,
      api.total(s.tax) as tax, api.total(s.win) as win, api.total(s.withdrawal) as withdrawal,
      api.total(s.pit_of_win) as pit_of_win, api.total(s.pit_of_withdrawal) as pit_of_withdrawal,
      api.total(s.levy_of_win) as levy_of_win, api.total(s.levy_of_withdrawal) as levy_of_withdrawal,
      bit_or(s.unverified) as unverified,
      api.total(s.of_win) as of_win, api.total(s.of_withdrawal) as of_withdrawal,
      coalesce(api.total(s.due_of_win), 0) as due_of_win,
      coalesce(api.total(s.due_of_withdrawal), 0) as due_of_withdrawal
    from sums as s
    group by grouping sets ((s.k_1, s.k_2, s.k_3), ())
    having cardinality(p_by) > 0 or grouping(s.k_1, s.k_2, s.k_3) <> 0
  ),
  payment as (
    select
      case p_by[1] when 'tax_kind' then api.tax_kind_key(t.kind) else api.report_key(
        p_by[1], t.month, null, t.operator_id, null, null, null, null, null, null, null) end as k_1,
      case p_by[2] when 'tax_kind' then api.tax_kind_key(t.kind) else api.report_key(
        p_by[2], t.month, null, t.operator_id, null, null, null, null, null, null, null) end as k_2,
      case p_by[3] when 'tax_kind' then api.tax_kind_key(t.kind) else api.report_key(
        p_by[3], t.month, null, t.operator_id, null, null, null, null, null, null, null) end as k_3,
      t.amount_minor
    from api.tax_payment as t
    where payable and t.month >= month_first and t.month < month_until
      and case when p_as_of is null then t.recorded_until = 'infinity'
        else t.recorded_at <= p_as_of and t.recorded_until > p_as_of end
      and (p_operators is null or t.operator_id = any (p_operators))
  ),
  payments as materialized (
    select
      grouping(t.k_1, t.k_2, t.k_3) <> 0 as of_all, coalesce(t.k_1, -1) as k_1,
      coalesce(t.k_2, -1) as k_2, coalesce(t.k_3, -1) as k_3, sum(t.amount_minor)::bigint as paid
    from payment as t
    group by grouping sets ((t.k_1, t.k_2, t.k_3), ())
    having cardinality(p_by) > 0 or grouping(t.k_1, t.k_2, t.k_3) <> 0
  ),
  told as materialized (
    select
      d.operator_id, d.month, d.gambling_type_id, d.ggr_minor, d.basis,
      row_number() over (
        partition by d.operator_id, d.month, d.gambling_type_id order by d.version desc) as nth
    from api.declared_month as d
    where declared and d.month >= month_first and d.month < month_until and d.currency = p_currency
      and (p_as_of is null or d.declared_at <= p_as_of)
      and (p_operators is null or d.operator_id = any (p_operators))
      and (p_gambling_types is null or d.gambling_type_id = any (p_gambling_types))
  ),
  compared as (
    select
      api.report_key(p_by[1], t.month, null, t.operator_id, t.gambling_type_id, null, null, null, null, null,
        null) as k_1,
      api.report_key(p_by[2], t.month, null, t.operator_id, t.gambling_type_id, null, null, null, null, null,
        null) as k_2,
      api.report_key(p_by[3], t.month, null, t.operator_id, t.gambling_type_id, null, null, null, null, null,
        null) as k_3,
      t.ggr_minor as told, coalesce(api.ggr(x.bet_minor, x.refund_minor, x.win_minor), 0) as ggr
    from told as t
    left join api.report_flows(
      month_first, month_until - 1, array['operator', 'gambling_type', 'month'], p_operators,
      p_gambling_types, null, null, null, p_currency, p_as_of) as x
      on not x.is_total and x.key_1 = t.operator_id and x.key_2 = t.gambling_type_id
      and x.key_3 = t.month - date '2000-01-01'
    where t.nth = 1 and t.basis = 'cash'
  ),
  -- The tax on what was declared, by taxpayer, month and class.
  declared_tax as (
    select
      api.report_key(p_by[1], x.month, null, x.operator_id, null, null, null, null, null, null, null) as k_1,
      api.report_key(p_by[2], x.month, null, x.operator_id, null, null, null, null, null, null, null) as k_2,
      api.report_key(p_by[3], x.month, null, x.operator_id, null, null, null, null, null, null, null) as k_3,
      round(case x.loss_rule when 'floor' then greatest(x.ggr, 0) else x.ggr end * x.rate_ppm * 0.000001)
        as tax,
      x.mask
    from (
      select
        t.operator_id, t.month, u.mask, r.loss_rule, r.rate_ppm,
        sum(t.ggr_minor) as ggr
      from told as t
      join api.tax_class_type as c on c.gambling_type_id = t.gambling_type_id
      join api.tax_rate as r on r.tax_class = c.tax_class and r.kind = 'ggr_tax'
        and case when p_as_of is null then r.recorded_until = 'infinity'
          else r.recorded_from <= p_as_of and r.recorded_until > p_as_of end
        and r.loss_rule <> 'carry_year' and r.valid_from <= t.month
        and r.valid_until >= (t.month + interval '1 month')::date
      join rate as u on u.id = r.id
      where taxed and t.nth = 1 and t.basis = 'cash'
      group by t.operator_id, t.month, r.id, u.mask, r.loss_rule, r.rate_ppm
    ) as x
  ),
  declared_taxes as materialized (
    select
      grouping(x.k_1, x.k_2, x.k_3) <> 0 as of_all, coalesce(x.k_1, -1) as k_1,
      coalesce(x.k_2, -1) as k_2, coalesce(x.k_3, -1) as k_3, sum(x.tax)::bigint as tax,
      bit_or(x.mask) as unverified
    from declared_tax as x
    group by grouping sets ((x.k_1, x.k_2, x.k_3), ())
    having cardinality(p_by) > 0 or grouping(x.k_1, x.k_2, x.k_3) <> 0
  ),
  declarations as materialized (
    select
      grouping(c.k_1, c.k_2, c.k_3) <> 0 as of_all, coalesce(c.k_1, -1) as k_1,
      coalesce(c.k_2, -1) as k_2, coalesce(c.k_3, -1) as k_3, nullif(count(*), 0) as many,
      sum(c.told)::bigint as told, sum(c.told - c.ggr)::bigint as difference
    from compared as c
    group by grouping sets ((c.k_1, c.k_2, c.k_3), ())
    having cardinality(p_by) > 0 or grouping(c.k_1, c.k_2, c.k_3) <> 0
  ),
  seen as materialized (
    select
      x.is_total, x.key_1, x.key_2, x.key_3, api.ggr(x.bet_minor, x.refund_minor, x.win_minor) as ggr,
      x.win_minor as win, x.withdrawal_minor as withdrawal
    from api.report_flows(
      p_first, p_last, flows_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
      p_currency, p_as_of) as x
    where not in_classes
    union all
    select e.of_all, e.k_1, e.k_2, e.k_3, e.ggr, e.win, e.withdrawal
    from estimated as e where in_classes or of_class and not e.of_all
  ),
  -- What was declared or paid for and never came has its row, too.
  flows as (
    select x.* from seen as x
    union all
    select false, t.k_1, t.k_2, t.k_3, n.nought, n.nought, n.nought
    from (
      select d.k_1, d.k_2, d.k_3 from declarations as d where not d.of_all
      union
      select m.k_1, m.k_2, m.k_3 from payments as m where not m.of_all
    ) as t
    cross join (select case when not of_class then 0 end as nought) as n
    left join seen as x on not x.is_total and x.key_1 = t.k_1 and x.key_2 = t.k_2 and x.key_3 = t.k_3
    where x.is_total is null
  )
  select
    f.is_total, api.report_keys(p_by, f.is_total, f.key_1, f.key_2, f.key_3), f.ggr,
    -- Where nothing was received there is nothing to tax.
    coalesce(e.taxable, n.nought), e.rate, coalesce(e.tax, n.nought), f.win, f.withdrawal,
    coalesce(e.pit_of_win, n.nought), coalesce(e.pit_of_withdrawal, n.nought),
    coalesce(e.levy_of_win, n.nought), coalesce(e.levy_of_withdrawal, n.nought),
    -- Of what was received and of what was declared, each rate once.
    case when taxed then coalesce(
      nullif(bit_count(coalesce(e.unverified | x.unverified, e.unverified, x.unverified)), 0),
      case when e.k_1 is null then n.nought else 0 end) end, d.many, d.told, d.difference, x.tax,
    coalesce(e.of_win, n.nought), coalesce(e.of_withdrawal, n.nought), g.paid, g.of_win,
    api.percent(g.of_win, g.due_of_win), g.of_withdrawal, api.percent(g.of_withdrawal, g.due_of_withdrawal)
  from flows as f
  cross join lateral (
    select case when taxed and not in_classes and (f.is_total or not of_class) then 0 end as nought
  ) as n
  left join estimated as e on e.of_all = f.is_total and e.k_1 = f.key_1 and e.k_2 = f.key_2
    and e.k_3 = f.key_3
  left join declarations as d on d.of_all = f.is_total and d.k_1 = f.key_1 and d.k_2 = f.key_2
    and d.k_3 = f.key_3
  left join declared_taxes as x on x.of_all = f.is_total and x.k_1 = f.key_1 and x.k_2 = f.key_2
    and x.k_3 = f.key_3
  left join payments as m on m.of_all = f.is_total and m.k_1 = f.key_1 and m.k_2 = f.key_2
    and m.k_3 = f.key_3
  -- Paid for is a month: a row without a whole one within the period tells nothing of it.
  cross join lateral (
    select case when f.is_total or span is null then month_first else greatest(
      month_first, date '2000-01-01' + (array[f.key_1, f.key_2, f.key_3])[span_place]::integer) end as since
  ) as b
  cross join lateral (
    select b.since < case when f.is_total or span is null then month_until else least(
      month_until, (date '2000-01-01' + (array[f.key_1, f.key_2, f.key_3])[span_place]::integer
        + case span when 'month' then interval '1 month' when 'quarter' then interval '3 months'
          else interval '1 year' end)::date) end as one
  ) as w
  left join lateral (
    select
      p.amount as paid, coalesce(e.due_of_win, 0) as due_of_win,
      coalesce(e.due_of_win, 0) - p.amount as of_win, coalesce(e.due_of_withdrawal, 0) as due_of_withdrawal,
      coalesce(e.due_of_withdrawal, 0) - p.amount as of_withdrawal
    from (select coalesce(m.paid, 0) as amount) as p
  ) as g on payable and w.one
  order by f.is_total, f.key_1, f.key_2, f.key_3;
end
$body$;
comment on function api.report_r11(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
  text[]
) is
  'Estimated taxes: bases, rates and amounts by taxpayer, class and period, what was declared and paid.';
