create or replace function api.report_r09(
  p_first date, p_last date, p_by text[] default '{operator}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], stake_minor bigint, refund_minor bigint, net_stake_minor bigint,
    win_minor bigint, ggr_minor bigint, hold_percent numeric, year_to_date_minor bigint,
    previous_ggr_minor bigint, previous_change_percent numeric, year_before_ggr_minor bigint,
    year_change_percent numeric, declared_days bigint, declared_ggr_minor bigint,
    declared_difference_minor bigint, declared_difference_percent numeric, open_bets_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
as $body$
-- R09 Operators' GGR by the day of the bet, payout or refund (cash basis). Cumulated from 1 January to
-- the end of each row: not by weeks, which years cut, and not by hours, channels, games and equipment,
-- which no rollup holds for a year. Declared GGR is of declarations of days, which are by operator, and its
-- difference is from what was received of the same days; with other filters nothing is told of it. Changes are of daily means, so that months of 28 and 31 days compare.
-- The parameters are those of every report; see docs/reports.md.
declare
  time_at constant integer := api.report_time_dimension(p_by);
  back constant interval := api.report_shift(p_first, p_last, 'previous');
  of_days constant boolean := p_channels is null and p_games is null
    and not p_by && array['hour', 'week', 'channel', 'payment', 'breach', 'game', 'equipment'];
  by_operator constant boolean := p_gambling_types is null and p_licences is null and p_channels is null;
  prior_by constant text[] := array(
    select u.name from unnest(p_by) with ordinality as u (name, place)
    where u.place <> time_at order by u.place);
  year_start constant date :=
    date_trunc('year', (case when time_at is null then p_last else p_first end)::timestamp)::date;
begin
  perform api.report_check(
    'R09', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with seen as materialized (
    select
      x.is_total, x.key_1, x.key_2, x.key_3, x.bet_minor as stake, x.refund_minor as refund,
      x.win_minor as win, api.ggr(x.bet_minor, x.refund_minor, x.win_minor) as ggr
    from api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as x
  ),
  declared as materialized (
    select t.*
    from api.report_declared(p_first, p_last, p_by, p_operators, p_currency, p_as_of) as t
    where by_operator
  ),
  -- What was declared and never came has its row, too.
  summed as (
    select f.*, case when not f.is_total then (array[f.key_1, f.key_2, f.key_3])[time_at] end as moment
    from (
      select x.* from seen as x
      union all
      select false, t.key_1, t.key_2, t.key_3, 0, 0, 0, 0
      from declared as t
      left join seen as x on not x.is_total and x.key_1 = t.key_1 and x.key_2 = t.key_2
        and x.key_3 = t.key_3
      where not t.is_total and x.is_total is null
    ) as f
  ),
  -- What the year of the first day had taken before it, by what rows have beside their time.
  prior as (
    select
      u.is_total, case when time_at = 1 then 0 else x.key_1 end as o_1,
      case time_at when 2 then 0 when 1 then x.key_1 else x.key_2 end as o_2,
      case time_at when 3 then 0 else x.key_2 end as o_3,
      api.ggr(x.bet_minor, x.refund_minor, x.win_minor) as ggr
    from api.report_flows(
    year_start, p_first - 1, prior_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as x
    cross join (values (false), (true)) as u (is_total)
    where of_days and time_at is not null and year_start < p_first
      and (u.is_total = x.is_total or prior_by = '{}')
  ),
  cumulated as (
    select
      y.is_total, y.key_1, y.key_2, y.key_3, coalesce(q.ggr, 0) + sum(y.ggr) over (
        partition by y.is_total, y.o_1, y.o_2, y.o_3, y.year order by y.moment
      )::bigint as ggr
    from (
      select
        f.*,
        case when f.is_total then year_start else date_trunc('year', (
          date '2000-01-01' + (array[f.key_1, f.key_2, f.key_3])[time_at]::integer)::timestamp)::date
        end as year,
        case when time_at = 1 then 0 else f.key_1 end as o_1,
        case when time_at = 2 then 0 else f.key_2 end as o_2,
        case when time_at = 3 then 0 else f.key_3 end as o_3
      from summed as f
      where of_days and time_at is not null
        and (not f.is_total or year_start = date_trunc('year', p_last::timestamp)::date)
    ) as y
    left join prior as q on y.year = year_start and q.is_total = y.is_total
      and (y.is_total or q.o_1 = y.o_1 and q.o_2 = y.o_2 and q.o_3 = y.o_3)
    union all
    select y.is_total, y.key_1, y.key_2, y.key_3, api.ggr(y.bet_minor, y.refund_minor, y.win_minor)
    from api.report_flows(
    year_start, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as y
    where of_days and time_at is null
  )
  select
    s.is_total, api.report_keys(p_by, s.is_total, s.key_1, s.key_2, s.key_3), s.stake, s.refund,
    s.stake - s.refund, s.win, s.ggr, api.hold_percent(s.stake, s.refund, s.win),
    case when time_at is null and of_days then coalesce(c.ggr, 0) else c.ggr end, e.before,
    api.change_percent(s.ggr, d.own, e.before, d.before), e.year_before,
    api.change_percent(s.ggr, d.own, e.year_before, d.year_before),
    t.day_count, t.declared_ggr, t.declared_ggr - t.observed_ggr,
    api.percent(t.declared_ggr - t.observed_ggr, t.observed_ggr), t.open_bets
  from summed as s
  left join cumulated as c on c.is_total = s.is_total and c.key_1 = s.key_1 and c.key_2 = s.key_2
    and c.key_3 = s.key_3
  left join api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, 'previous') as b on b.is_total = s.is_total and b.key_1 = s.key_1
    and b.key_2 = s.key_2 and b.key_3 = s.key_3
  left join api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, 'year') as a on a.is_total = s.is_total and a.key_1 = s.key_1 and a.key_2 = s.key_2
    and a.key_3 = s.key_3
  left join declared as t on t.is_total = s.is_total and t.key_1 = s.key_1 and t.key_2 = s.key_2
    and t.key_3 = s.key_3
  cross join lateral (
    select
      api.ggr(b.bet_minor, b.refund_minor, b.win_minor) as before,
      api.ggr(a.bet_minor, a.refund_minor, a.win_minor) as year_before
  ) as e
  cross join lateral (
    select
      api.report_days(p_by[time_at], s.moment, p_first, p_last, interval '0 days') as own,
      api.report_days(p_by[time_at], s.moment, p_first, p_last, back) as before,
      api.report_days(p_by[time_at], s.moment, p_first, p_last, interval '1 year') as year_before
  ) as d
  order by s.is_total, s.key_1, s.key_2, s.key_3;
end
$body$;
comment on function api.report_r09(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Operators'' GGR: from stakes to GGR, hold, cumulated in the year, against earlier periods.';
