create or replace function api.report_r10(
  p_first date, p_last date, p_by text[] default '{operator}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], deposit_count bigint, deposit_minor bigint, withdrawal_count
    bigint, withdrawal_minor bigint, net_flow_minor bigint, withdrawal_percent numeric,
    turnover_percent numeric, average_deposit_minor bigint, average_withdrawal_minor bigint,
    ggr_minor bigint, balance_change_minor bigint, declared_days bigint,
    declared_balance_change_minor bigint, identity_error_minor bigint, balance_liability_minor bigint,
    large_deposit_count bigint, large_deposit_minor bigint, pass_through_count bigint,
    unverified_limit_count bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
as $body$
-- R10 Players' cash flow. What players' balances must have changed by follows from the identity
-- change of balances = (deposits - withdrawals) - GGR. Declared balances are held against it day by day: the
-- error is of the declared days alone. Declarations are by operator: with other filters none is told.
-- The parameters are those of every report; see docs/reports.md.
begin
  perform api.report_check(
    'R10', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  if 'amount_band' = any (p_by) then
    -- By amount only deposits and withdrawals are told; the total is that of all.
    return query
    select
      false, api.report_keys(p_by, false, b.key_1, b.key_2, b.key_3), b.deposit_count, b.deposit_minor,
      b.withdrawal_count, b.withdrawal_minor, b.deposit_minor - b.withdrawal_minor,
      api.percent(b.withdrawal_minor, b.deposit_minor), null::numeric,
      api.average(b.deposit_minor, b.deposit_count), api.average(b.withdrawal_minor, b.withdrawal_count),
      null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint,
      null::bigint, null::bigint, null::bigint, null::bigint
    from api.report_bands(p_first, p_last, p_by, p_operators, p_currency) as b
    union all
    select w.*
    from api.report_r10(p_first, p_last, '{}', p_operators, p_currency => p_currency) as w
    where w.is_total;
    return;
  end if;
  return query
  with seen as materialized (
    select x.*
    from api.report_flows(
    p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as x
  ),
  declared as materialized (
    select t.*
    from api.report_declared(p_first, p_last, p_by, p_operators, p_currency, p_as_of) as t
    where p_gambling_types is null and p_licences is null and p_channels is null
  ),
  -- Counted of closed days, in hryvnias.
  apart as materialized (
    select c.*
    from api.report_cash(p_first, p_last, p_by, p_operators, p_as_of) as c
    where p_gambling_types is null and p_licences is null and p_channels is null
      and p_currency = 980
  ),
  -- What was declared and never came has its row, too.
  flows as (
    select x.* from seen as x
    union all
    select false, t.key_1, t.key_2, t.key_3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from declared as t
    left join seen as x on not x.is_total and x.key_1 = t.key_1 and x.key_2 = t.key_2 and x.key_3 = t.key_3
    where not t.is_total and x.is_total is null
  )
  select
    f.is_total, api.report_keys(p_by, f.is_total, f.key_1, f.key_2, f.key_3), f.deposit_count, f.deposit_minor,
    f.withdrawal_count, f.withdrawal_minor, f.deposit_minor - f.withdrawal_minor,
    api.percent(f.withdrawal_minor, f.deposit_minor),
    api.percent(f.bet_minor - f.refund_minor, f.deposit_minor),
    api.average(f.deposit_minor, f.deposit_count), api.average(f.withdrawal_minor, f.withdrawal_count),
    api.ggr(f.bet_minor, f.refund_minor, f.win_minor),
    f.deposit_minor - f.withdrawal_minor - api.ggr(f.bet_minor, f.refund_minor, f.win_minor),
    t.day_count, t.balance_change, t.identity_error, t.closing_balance, c.large_count, c.large_minor,
    c.pass_through_count, c.unverified_count
  from flows as f
  left join declared as t on t.is_total = f.is_total and t.key_1 = f.key_1 and t.key_2 = f.key_2
    and t.key_3 = f.key_3
  left join apart as c on c.is_total = f.is_total and c.key_1 = f.key_1 and c.key_2 = f.key_2
    and c.key_3 = f.key_3
  order by f.is_total, f.key_1, f.key_2, f.key_3;
end
$body$;
comment on function api.report_r10(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Players cash flow: deposits, withdrawals, net flow, turnover, expected change of balances.';
