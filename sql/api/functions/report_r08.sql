create or replace function api.report_r08(
  p_first date, p_last date, p_by text[] default '{gambling_type}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], ggr_minor bigint, net_stake_minor bigint, share_percent numeric,
    market_rank bigint, previous_rank bigint, rank_change bigint, hhi numeric, effective_operators
    numeric, top_four_percent numeric, operator_count bigint, previous_ggr_minor bigint,
    previous_change_percent numeric, year_before_ggr_minor bigint, year_change_percent numeric,
    growth_contribution_percent numeric, venue_count bigint, site_count bigint, equipment_count bigint,
    ggr_per_equipment_day_minor bigint, trend_percent numeric
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set work_mem = '64MB'
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
as $body$
-- R08 Dynamics and structure of the market. Shares, ranks and concentration are of what is positive of each
-- operator's GGR among all that share its other keys (all kinds of gambling or one, the whole period or a
-- month of it): HHI = sum of squared shares in per cent, effective operators = 10000 / HHI, top four = their
-- share. The contribution to growth is an operator's change over the GGR of all before it. Places and
-- equipment are those registered as active when the period ends, by operator, and GGR per day of equipment
-- is of what is played on equipment. Regions are those of venues' addresses, sites and applications being
-- online. The trend is of the last twelve whole months by the end of the period: the slope, by least
-- squares, of each month's GGR per day, in per cent of their mean; of operators, kinds and all, where each
-- of the months has records. An operator sees its own rows alone, so to it nothing of the market is told here; see api.market_months. The
-- parameters are those of every report; see docs/reports.md.
declare
  by_operator constant boolean := 'operator' = any (p_by);
  sees_market constant boolean := current_user <> 'operator';
  inner_by constant text[] := array['operator'] || array(
    select u.name from unnest(p_by) as u (name) where u.name <> 'operator');
  earlier_by constant text[] := case
    when by_operator or cardinality(p_by) = 0 then inner_by else p_by end;
  time_at constant integer := api.report_time_dimension(inner_by);
  back constant interval := api.report_shift(p_first, p_last, 'previous');
  moment_from constant timestamptz := p_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
  of_region constant boolean := 'region' = any (p_by);
  trend_until constant date := date_trunc('month', (p_last + 1)::timestamp)::date;
  trend_from constant date := (trend_until - interval '12 months')::date;
  of_trend constant boolean := p_by <@ array['operator', 'gambling_type'];
  trend_by constant text[] := case when of_trend then p_by else '{}' end || array['month'];
  -- Of a market that is younger nothing is read.
  has_trend constant boolean := exists (
    select from api.rollup_month as r where r.month = trend_from and r.currency = p_currency);
  -- Places and equipment belong to operators, not to kinds of gambling.
  has_estate constant boolean := p_gambling_types is null and p_licences is null;
begin
  perform api.report_check(
    'R08', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with found as materialized (
    select
      x.key_1 as operator, x.key_2 as cell_1, x.key_3 as cell_2,
      api.ggr(x.bet_minor, x.refund_minor, x.win_minor) as ggr, x.bet_minor - x.refund_minor as stake
    from api.report_flows(
    p_first, p_last, inner_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as x
    where not x.is_total and not of_region
    union all
    select x.* from api.region_flows(
    p_first, p_last, inner_by, p_operators, p_gambling_types, p_licences, p_currency, p_as_of, 'none') as x
    where of_region
  ),
  -- An operator in a cell: in what a row's other keys name, or (a total) in all of the period.
  parts as not materialized (
    select false as is_total, n.operator, n.cell_1, n.cell_2, n.ggr, n.stake
    from found as n where cardinality(p_by) > 0
    union all
    select true, n.operator, -1, -1, api.total(n.ggr), api.total(n.stake)
    from found as n group by n.operator
  ),
  cells as materialized (
    select
      n.is_total, n.cell_1, n.cell_2, api.total(n.ggr) as ggr, api.total(n.stake) as stake,
      count(*) as operators, api.total(greatest(n.ggr, 0)) as positive,
      sum(greatest(n.ggr, 0)::numeric * greatest(n.ggr, 0)) as squares,
      api.total(greatest(n.ggr, 0)) filter (where n.nth <= 4) as four
    from (
      select
        p.*,
        row_number() over (partition by p.is_total, p.cell_1, p.cell_2 order by p.ggr desc) as nth
      from parts as p
    ) as n
    group by n.is_total, n.cell_1, n.cell_2
  ),
  -- Only where rows are of operators: many are not worth their order otherwise.
  ranked as (
    select p.*, rank() over (partition by p.cell_1, p.cell_2 order by p.ggr desc) as place
    from parts as p where by_operator and not p.is_total
  ),
  -- The earlier periods: by operator only where rows are.
  earlier as materialized (
    select
      s.span, case when by_operator then s.key_1 else -1 end as operator,
      case when by_operator then s.key_2 else s.key_1 end as cell_1,
      case when by_operator then s.key_3 else s.key_2 end as cell_2,
      api.ggr(s.bet_minor, s.refund_minor, s.win_minor) as ggr
    from (
      select 'previous' as span, x.* from api.report_flows(
      p_first, p_last, earlier_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
      p_currency, p_as_of, 'previous') as x
      union all
      select 'year', x.* from api.report_flows(
      p_first, p_last, earlier_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
      p_currency, p_as_of, 'year') as x
    ) as s
    where not s.is_total and not of_region
    union all
    select s.span, case when by_operator then s.operator else -1 end, s.cell_1, s.cell_2, s.ggr
    from (
      select 'previous' as span, x.* from api.region_flows(
      p_first, p_last, inner_by, p_operators, p_gambling_types, p_licences, p_currency, p_as_of,
      'previous') as x
      union all
      select 'year', x.* from api.region_flows(
      p_first, p_last, inner_by, p_operators, p_gambling_types, p_licences, p_currency, p_as_of,
      'year') as x
    ) as s
    where of_region
  ),
  earlier_cells as (
    select e.span, false as is_total, e.cell_1, e.cell_2, api.total(e.ggr) as ggr
    from earlier as e where cardinality(p_by) > 0 group by e.span, e.cell_1, e.cell_2
    union all
    select e.span, true, -1, -1, api.total(e.ggr) from earlier as e group by e.span
  ),
  earlier_ranked as (
    select
      e.*, rank() over (partition by e.span, e.cell_1, e.cell_2 order by e.ggr desc) as place
    from earlier as e where by_operator
  ),
  rows_now as (
    select
      r.is_total, r.operator, r.cell_1, r.cell_2, r.ggr, r.stake,
      100 * greatest(r.ggr, 0)::numeric / nullif(c.positive, 0) as share, r.place,
      null::numeric as hhi, null::numeric as effective, null::numeric as four, null::bigint as operators
    from ranked as r
    join cells as c on not c.is_total and c.cell_1 = r.cell_1 and c.cell_2 = r.cell_2
    union all
    select
      c.is_total, -1, c.cell_1, c.cell_2, c.ggr, c.stake, null, null,
      10000 * c.squares / nullif(c.positive::numeric * c.positive, 0),
      c.positive::numeric * c.positive / nullif(c.squares, 0),
      100 * c.four::numeric / nullif(c.positive, 0), c.operators
    from cells as c
    where c.is_total or not by_operator
  ),
  estate as materialized (
    select
      x.operator_id, sum(x.venues)::bigint as venues, sum(x.sites)::bigint as sites,
      sum(x.equipment)::bigint as equipment, sum(x.seconds) as seconds, api.total(x.ggr) as ggr
    from (
      select
        c.operator_id, (c.kind = 'venue')::integer as venues, (c.kind <> 'venue')::integer as sites,
        0 as equipment, 0::numeric as seconds, 0::bigint as ggr
      from api.channel as c
      where has_estate and c.active_from < moment_until and c.active_until >= moment_until
        and (p_operators is null or c.operator_id = any (p_operators))
      union all
      select
        e.operator_id, 0, 0, (e.active_until >= moment_until)::integer,
        extract(epoch from least(e.active_until, moment_until) - greatest(e.active_from, moment_from)), 0
      from api.equipment as e
      where has_estate and e.active_from < moment_until and e.active_until > moment_from
        and (p_operators is null or e.operator_id = any (p_operators))
      union all
      select r.key_1, 0, 0, 0, 0, r.stake_minor - r.win_minor
      from api.play_flows(p_first, p_last, array['operator'], p_operators, null, p_currency, true) as r
      where has_estate and p_as_of is null
      union all
      select r.key_1, 0, 0, 0, 0, api.ggr(r.bet_minor, r.refund_minor, r.win_minor)
      from api.report_flows(
      p_first, p_last, array['operator', 'on_equipment'], p_operators, null, null, null, null, p_currency,
      p_as_of) as r
      where has_estate and p_as_of is not null and not r.is_total
    ) as x
    group by x.operator_id
  ),
  -- With that of all under -1, as the total has it.
  estates as (
    select n.* from estate as n
    union all
    select
      -1, api.total(n.venues), api.total(n.sites), api.total(n.equipment), sum(n.seconds),
      api.total(n.ggr)
    from estate as n
  ),
  trend_month as materialized (
    select
      coalesce(k.keys[array_position(trend_by, 'operator')], -1) as operator,
      coalesce(k.keys[array_position(trend_by, 'gambling_type')], -1) as cell,
      date '2000-01-01' + k.keys[cardinality(trend_by)]::integer as month,
      api.ggr(x.bet_minor, x.refund_minor, x.win_minor) as ggr
    from api.report_flows(
    trend_from, trend_until - 1, trend_by, p_operators, p_gambling_types, p_licences, null, null,
    p_currency, p_as_of) as x
    cross join lateral (select array[x.key_1, x.key_2, x.key_3] as keys) as k
    where has_trend and not x.is_total
  ),
  trends as (
    select
      d.is_total, d.operator, d.cell,
      case when count(*) = 12 and sum(d.a_day) > 0
        -- Of 12 points the squares of the distances from the middle add up to 143.
        then round(600 * sum((2 * d.nth - 13) * d.a_day) / (143 * sum(d.a_day)), 4) end as percent
    from (
      select
        s.*, (extract(year from s.month) - extract(year from trend_from)) * 12
          + extract(month from s.month) - extract(month from trend_from) + 1 as nth,
        s.ggr::numeric / ((s.month + interval '1 month')::date - s.month) as a_day
      from (
        select false as is_total, t.* from trend_month as t where of_trend and cardinality(p_by) > 0
        union all
        select true, -1, -1, t.month, api.total(t.ggr) from trend_month as t group by t.month
      ) as s
    ) as d
    group by d.is_total, d.operator, d.cell
  ),
  filled as (
    select * from rows_now
    union all
    select true, -1, -1, -1, 0, 0, null, null, null, null, null, 0
    where not exists (select from rows_now as r where r.is_total)
  )
  select
    f.is_total, case when not f.is_total then array(
      select api.report_key_text(u.name, case
        when u.name = 'operator' then f.operator when u.name = inner_by[2] then f.cell_1 else f.cell_2 end)
      from unnest(p_by) with ordinality as u (name, place) order by u.place) end,
    f.ggr, f.stake, case when sees_market then round(f.share, 4) end,
    case when sees_market then f.place end, case when sees_market then b.place end,
    case when sees_market then b.place - f.place end,
    case when sees_market then round(f.hhi, 4) end,
    case when sees_market then round(f.effective, 4) end,
    case when sees_market then round(f.four, 4) end,
    case when sees_market then f.operators end, v.before,
    api.change_percent(f.ggr, l.own, v.before, l.before), v.year_before,
    api.change_percent(f.ggr, l.own, v.year_before, l.year_before),
    case when sees_market and d.ggr > 0
      then round(100 * (f.ggr - coalesce(v.before, 0))::numeric / d.ggr, 4) end,
    case when w.told then coalesce(g.venues, 0) end, case when w.told then coalesce(g.sites, 0) end,
    case when w.told then coalesce(g.equipment, 0) end,
    case when g.seconds > 0 then round(g.ggr::numeric * 86400 / g.seconds)::bigint end,
    h.percent
  from filled as f
  left join trends as h on (f.is_total or of_trend) and h.is_total = f.is_total
    and h.operator = f.operator and h.cell = f.cell_1
  left join earlier_ranked as b on b.span = 'previous' and b.operator = f.operator
    and b.cell_1 = f.cell_1 and b.cell_2 = f.cell_2
  left join earlier_ranked as a on a.span = 'year' and a.operator = f.operator
    and a.cell_1 = f.cell_1 and a.cell_2 = f.cell_2
  left join earlier_cells as d on d.span = 'previous' and d.is_total = f.is_total
    and d.cell_1 = f.cell_1 and d.cell_2 = f.cell_2
  left join earlier_cells as e on e.span = 'year' and f.operator = -1 and e.is_total = f.is_total
    and e.cell_1 = f.cell_1 and e.cell_2 = f.cell_2
  cross join lateral (
    select
      case when f.operator = -1 then d.ggr else b.ggr end as before,
      case when f.operator = -1 then e.ggr else a.ggr end as year_before
  ) as v
  cross join lateral (
    select case when time_at is not null and not f.is_total
      then (array[f.cell_1, f.cell_2])[time_at - 1] end as moment
  ) as m
  cross join lateral (
    select
      api.report_days(inner_by[time_at], m.moment, p_first, p_last, interval '0 days') as own,
      api.report_days(inner_by[time_at], m.moment, p_first, p_last, back) as before,
      api.report_days(inner_by[time_at], m.moment, p_first, p_last, interval '1 year') as year_before
  ) as l
  cross join lateral (select has_estate and (f.is_total or p_by = array['operator']) as told) as w
  left join estates as g on w.told and g.operator_id = case when f.is_total then -1 else f.operator end
  order by f.is_total, f.cell_1, f.cell_2, f.ggr desc, f.operator;
end
$body$;
comment on function api.report_r08(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Dynamics and structure of the market: GGR, shares, ranks, concentration, changes.';
