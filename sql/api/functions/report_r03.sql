create or replace function api.report_r03(
  p_first date, p_last date, p_by text[] default '{day}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], bet_count bigint, stake_minor bigint, refund_count bigint,
    refund_minor bigint, net_stake_minor bigint, win_count bigint, win_minor bigint, ggr_minor
    bigint, rtp_percent numeric, hold_percent numeric, average_stake_minor bigint, refund_percent
    numeric, week_before_minor bigint, week_change_percent numeric
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
as $body$
-- R03 Bets and payouts. The parameters are those of every report; see docs/reports.md. The change is of
-- net stakes against the same weekdays a week before; of hours, months and longer there is none. By days
-- that week is read along, once.
declare
  along constant boolean := 'day' = any (p_by);
  time_at constant integer := api.report_time_dimension(p_by);
  first_key constant integer := p_first - date '2000-01-01';
begin
  perform api.report_check(
    'R03', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with seen as materialized (
    select x.*, (array[x.key_1, x.key_2, x.key_3])[time_at] as day_key
    from api.report_flows(
    p_first - case when along then 7 else 0 end, p_last, p_by, p_operators, p_gambling_types, p_licences,
    p_channels, p_games, p_currency, p_as_of) as x
  ),
  flows as (
    select s.* from seen as s where not along or not s.is_total and s.day_key >= first_key
    union all
    select
      true, -1, -1, -1, coalesce(sum(s.bet_count), 0)::bigint, coalesce(sum(s.bet_minor), 0)::bigint,
      coalesce(sum(s.win_count), 0)::bigint, coalesce(sum(s.win_minor), 0)::bigint,
      coalesce(sum(s.refund_count), 0)::bigint, coalesce(sum(s.refund_minor), 0)::bigint, 0, 0, 0, 0, null
    from seen as s where not s.is_total and s.day_key >= first_key
    having along
  ),
  week_before as (
    select
      s.is_total, s.key_1 + case when time_at = 1 then 7 else 0 end as key_1,
      s.key_2 + case when time_at = 2 then 7 else 0 end as key_2,
      s.key_3 + case when time_at = 3 then 7 else 0 end as key_3, s.bet_minor, s.refund_minor
    from seen as s where along and not s.is_total
    union all
    select
      true, -1, -1, -1, coalesce(sum(s.bet_minor), 0)::bigint, coalesce(sum(s.refund_minor), 0)::bigint
    from seen as s
    where along and not s.is_total and s.day_key <= p_last - 7 - date '2000-01-01'
    having along
    union all
    select w.is_total, w.key_1, w.key_2, w.key_3, w.bet_minor, w.refund_minor
    from api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, 'week') as w
    where not along and not p_by && array['hour', 'month', 'quarter', 'year']
  )
  select
    f.is_total, api.report_keys(p_by, f.is_total, f.key_1, f.key_2, f.key_3), f.bet_count, f.bet_minor,
    f.refund_count, f.refund_minor, f.bet_minor - f.refund_minor, f.win_count, f.win_minor,
    api.ggr(f.bet_minor, f.refund_minor, f.win_minor),
    api.rtp_percent(f.bet_minor, f.refund_minor, f.win_minor),
    api.hold_percent(f.bet_minor, f.refund_minor, f.win_minor),
    api.average(f.bet_minor - f.refund_minor, f.bet_count - f.refund_count),
    api.percent(f.refund_minor, f.bet_minor), w.bet_minor - w.refund_minor,
    api.change_percent(f.bet_minor - f.refund_minor, 1, w.bet_minor - w.refund_minor, 1)
  from flows as f
  left join week_before as w
    on w.is_total = f.is_total and w.key_1 = f.key_1 and w.key_2 = f.key_2 and w.key_3 = f.key_3
  order by f.is_total, f.key_1, f.key_2, f.key_3;
end
$body$;
comment on function api.report_r03(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Bets and payouts: stakes, refunds, winnings, GGR, ratios, change against the week before.';
