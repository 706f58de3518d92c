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
  cumulated_by constant text[] := case when of_days then p_by else '{}' end;
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
  cumulated as (
    select
      y.is_total, y.key_1, y.key_2, y.key_3,
      sum(api.ggr(y.bet_minor, y.refund_minor, y.win_minor)) over (
        partition by
          y.is_total, case when time_at = 1 then 0 else y.key_1 end,
          case when time_at = 2 then 0 else y.key_2 end, case when time_at = 3 then 0 else y.key_3 end,
          date_trunc('year', (date '2000-01-01' + m.moment::integer)::timestamp)
        order by m.moment
      )::bigint as ggr
    from api.report_flows(
    year_start, p_last, cumulated_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as y
    cross join lateral (
      select case when not y.is_total then (array[y.key_1, y.key_2, y.key_3])[time_at] end as moment
    ) as m
    where of_days and (not y.is_total or year_start = date_trunc('year', p_last::timestamp)::date)
  )
  select
    s.is_total, api.report_keys(p_by, s.is_total, s.key_1, s.key_2, s.key_3), s.stake, s.refund,
    s.stake - s.refund, s.win, s.ggr, api.hold_percent(s.stake, s.refund, s.win), c.ggr, e.before,
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
