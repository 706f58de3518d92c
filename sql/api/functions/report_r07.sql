create or replace function api.report_r07(
  p_first date, p_last date, p_by text[] default '{gambling_type}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], active_count bigint, new_count bigint, returning_count bigint,
    mean_daily_active numeric, daily_to_period_percent numeric, active_days_per_account numeric,
    bet_count bigint, net_stake_minor bigint, ggr_minor bigint, average_stake_minor bigint,
    bets_per_active numeric, stake_per_active_minor bigint, arppa_minor bigint,
    top1_share_percent numeric, top10_share_percent numeric, loss_1000_count bigint,
    loss_10000_count bigint, loss_100000_count bigint, night_account_count bigint,
    night_bet_count bigint, night_bet_percent numeric, night_stake_minor bigint,
    night_stake_percent numeric
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- R07 Activity of players' accounts: how many were active, how much they staked and how that is spread, and
-- how much of it falls between 00:00 and 06:00 in Kyiv. Accounts are counted in whole days, weeks, months and
-- quarters (see api.report_accounts), without regard to licences and currency, and as of a past moment
-- where nothing of them changed since: elsewhere what is about them is null. The parameters are those of every report; see docs/reports.md.
begin
  perform api.report_check(
    'R07', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  if 'cohort' = any (p_by) then
    -- By cohort only this is told; the total is that of all.
    return query
    select
      false, api.report_keys(p_by, false, c.key_1, c.key_2, c.key_3), c.active_count, null::bigint,
      null::bigint, null::numeric, null::numeric, null::numeric, null::bigint, c.net_stake_minor,
      c.ggr_minor, null::bigint, null::numeric, null::bigint, api.average(c.ggr_minor, c.active_count),
      null::numeric, null::numeric, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint,
      null::numeric, null::bigint, null::numeric
    from api.report_cohorts(p_first, p_last, p_by, p_operators, p_gambling_types, p_currency) as c
    union all
    select w.*
    from api.report_r07(p_first, p_last, '{}', p_operators, p_gambling_types, p_currency => p_currency) as w
    where w.is_total;
    return;
  end if;
  return query
  select
    f.is_total, api.report_keys(p_by, f.is_total, f.key_1, f.key_2, f.key_3), a.active_count, a.new_count,
    a.returning_count, a.mean_daily_active, a.daily_to_period_percent, a.active_days_per_account,
    f.bet_count, f.bet_minor - f.refund_minor, api.ggr(f.bet_minor, f.refund_minor, f.win_minor),
    api.average(f.bet_minor - f.refund_minor, f.bet_count - f.refund_count), a.bets_per_active,
    a.stake_per_active_minor, a.arppa_minor, a.top1_share_percent, a.top10_share_percent,
    a.loss_counts[1], a.loss_counts[3], a.loss_counts[5], a.night_account_count, n.bets,
    api.percent(n.bets, f.bet_count), n.stake,
    api.percent(n.stake, f.bet_minor - f.refund_minor)
  from api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as f
  left join api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, p_night => true) as d on d.is_total = f.is_total and d.key_1 = f.key_1
    and d.key_2 = f.key_2 and d.key_3 = f.key_3
  cross join lateral (
    select
      coalesce(d.bet_count, 0) as bets, coalesce(d.bet_minor - d.refund_minor, 0) as stake
  ) as n
  left join api.report_accounts(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_currency, p_as_of) as a
    on p_licences is null and a.is_total = f.is_total and a.key_1 = f.key_1
    and a.key_2 = f.key_2 and a.key_3 = f.key_3
  order by f.is_total, f.key_1, f.key_2, f.key_3;
end
$body$;
comment on function api.report_r07(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is
  'Activity of players'' accounts: how many, their stakes and GGR, how it is spread, what falls at night.';
