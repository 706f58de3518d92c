create or replace function rollup.recount_round_day(p_day date, p_operators integer[] default null)
  returns setof rollup.round_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set enable_nestloop = off
  set work_mem = '128MB'
as $body$
-- What rollup.round_day must hold of a day of Europe/Kyiv and of these operators, from raw rows.
-- A round's stake is what was bet on it within one day, taken back or not: that of the day itself, else of
-- the newest day before that has a bet of it. A bet that is taken back, a win and a refund are counted
-- under that stake, on their own day. How far back is looked is the window of report.settlement_rule for
-- the kind of gambling of the licence, 31 days at most: one day for most kinds, so that all days before
-- are read for bookmakers and lotteries alone, and for these only while a bet is not found.
-- How many rounds there are cannot be estimated: no join may be a loop.
declare
  moment_from constant timestamptz := p_day::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_day + 1)::timestamp at time zone 'Europe/Kyiv';
  day_before constant timestamptz := (p_day - 1)::timestamp at time zone 'Europe/Kyiv';
  far_before constant timestamptz := (p_day - 31)::timestamp at time zone 'Europe/Kyiv';
  far_licences constant integer[] := array(
    select l.id
    from registry.licence as l
    join report.settlement_rule as r on r.gambling_type_id = l.gambling_type_id
    where r.window_days > 1 and (p_operators is null or l.operator_id = any (p_operators))
  );
begin
  return query
  with played as materialized (
    select
      t.operator_id, t.round_id, t.currency, t.game_id, t.channel_id, t.licence_id,
      sum(t.amount_minor) filter (where t.type = 1 and t.cancel_reason = 0) as placed,
      coalesce(sum(s.sign) filter (where t.type = 1), 0) as bet_count,
      coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 1), 0) as bet_minor,
      coalesce(sum(s.sign) filter (where t.type = 2), 0) as win_count,
      coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 2), 0) as win_minor,
      coalesce(sum(s.sign) filter (where t.type = 3), 0) as refund_count,
      coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 3), 0) as refund_minor
    from ledger.transaction as t
    cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
    where t.occurred_at >= moment_from and t.occurred_at < moment_until and t.type in (1, 2, 3)
      and (p_operators is null or t.operator_id = any (p_operators))
    group by t.operator_id, t.round_id, t.currency, t.game_id, t.channel_id, t.licence_id
  ),
  staked as (
    select p.operator_id, p.round_id, p.currency, sum(p.placed) as stake
    from played as p where p.placed is not null
    group by p.operator_id, p.round_id, p.currency
  ),
  beside as materialized (
    select p.*, k.stake
    from played as p left join staked as k using (operator_id, round_id, currency)
  ),
  -- Rounds without a bet on the day itself.
  open as materialized (
    select
      b.operator_id, b.round_id, b.currency, max(least(31, coalesce(r.window_days, 1))) as days
    from beside as b
    join registry.licence as l on l.id = b.licence_id
    left join report.settlement_rule as r on r.gambling_type_id = l.gambling_type_id
    where b.stake is null
    group by b.operator_id, b.round_id, b.currency
  ),
  yesterday as materialized (
    select o.operator_id, o.round_id, o.currency, sum(t.amount_minor) as stake
    from ledger.transaction as t
    join open as o on o.operator_id = t.operator_id and o.round_id = t.round_id
      and o.currency = t.currency
    where t.occurred_at >= day_before and t.occurred_at < moment_from
      and t.type = 1 and t.cancel_reason = 0
      and (p_operators is null or t.operator_id = any (p_operators))
    group by o.operator_id, o.round_id, o.currency
  ),
  still_open as materialized (
    select o.* from open as o
    where o.days > 1 and not exists (
      select from yesterday as y
      where y.operator_id = o.operator_id and y.round_id = o.round_id and y.currency = o.currency
    )
  ),
  earlier as (
    select distinct on (f.operator_id, f.round_id, f.currency)
      f.operator_id, f.round_id, f.currency, f.stake
    from (
      select
        o.operator_id, o.round_id, o.currency, o.days,
        (t.occurred_at at time zone 'Europe/Kyiv')::date as day, sum(t.amount_minor) as stake
      from ledger.transaction as t
      join still_open as o on o.operator_id = t.operator_id and o.round_id = t.round_id
        and o.currency = t.currency
      where far_licences <> '{}'
        and t.occurred_at >= far_before and t.occurred_at < day_before
        and t.type = 1 and t.cancel_reason = 0 and t.licence_id = any (far_licences)
      group by 1, 2, 3, 4, 5
    ) as f
    where f.day >= p_day - f.days
    order by f.operator_id, f.round_id, f.currency, f.day desc
  ),
  found as (
    select y.operator_id, y.round_id, y.currency, y.stake from yesterday as y
    union all
    select e.operator_id, e.round_id, e.currency, e.stake from earlier as e
  )
  select
    b.operator_id, ledger.shard(), p_day, b.game_id, b.channel_id, b.currency,
    coalesce(
      1 + width_bucket(coalesce(b.stake, f.stake)::bigint, rollup.stake_bounds()), 0)::smallint,
    sum(b.bet_count)::bigint, sum(b.bet_minor)::bigint, sum(b.win_count)::bigint,
    sum(b.win_minor)::bigint, sum(b.refund_count)::bigint, sum(b.refund_minor)::bigint
  from beside as b
  left join found as f on b.stake is null
    and f.operator_id = b.operator_id and f.round_id = b.round_id and f.currency = b.currency
  group by 1, 3, 4, 5, 6, 7;
end
$body$;
comment on function rollup.recount_round_day(date, integer[]) is
  'What rollup.round_day must hold of a day, from raw rows: payouts joined to their bets by round.';
