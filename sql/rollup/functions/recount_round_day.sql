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
-- the newest day before that has a bet of it. Wins and refunds are counted under that stake, on their own
-- day. How far back is looked is the window of report.settlement_rule for the kind of gambling of the
-- licence, 31 days at most: one day for most kinds, so that days before are read for bookmakers and
-- lotteries alone, and for these only while a bet is not found. A record that takes another back stands
-- where that one stands: what is looked for is the stake as of that one's day (anchor), which its id tells.
-- How many rounds there are cannot be estimated: no join may be a loop.
-- Paid rounds are those of which something was bet and nothing refunded, by game and place, under the day of
-- their stake. What a day tells of them (round_count, hit_count, multiple_micro, square_micro) is what they come
-- to at its end less what they came to at its beginning: so a round whose bet is taken back later is a negative
-- one on that later day, and days add up to what is known of all rounds.
declare
  moment_from constant timestamptz := p_day::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_day + 1)::timestamp at time zone 'Europe/Kyiv';
  day_before constant timestamptz := (p_day - 1)::timestamp at time zone 'Europe/Kyiv';
  far_before timestamptz := (p_day - 31)::timestamp at time zone 'Europe/Kyiv';
  -- From the day before the first record that was taken back on this day, all bets are looked at.
  taken_from timestamptz;
  far_licences constant integer[] := array(
    select l.id
    from registry.licence as l
    join report.settlement_rule as r on r.gambling_type_id = l.gambling_type_id
    where r.window_days > 1 and (p_operators is null or l.operator_id = any (p_operators))
  );
begin
  select
    greatest(far_before, (
      (min(ledger.id_time(t.cancels)) at time zone 'Europe/Kyiv')::date - 1
    )::timestamp at time zone 'Europe/Kyiv')
  into taken_from
  from ledger.transaction as t
  where t.occurred_at >= moment_from and t.occurred_at < moment_until
    and t.cancel_reason <> 0 and t.type in (1, 2, 3)
    and (p_operators is null or t.operator_id = any (p_operators));
  taken_from := least(coalesce(taken_from, day_before), day_before);
  if far_licences = '{}' then
    far_before := taken_from;
  end if;
  return query
  with played as materialized (
    select
      t.operator_id, t.round_id, t.currency, t.game_id, t.channel_id, t.licence_id, s.anchor,
      sum(t.amount_minor) filter (where t.type = 1 and t.cancel_reason = 0) as placed,
      coalesce(sum(s.sign) filter (where t.type = 1), 0) as bet_count,
      coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 1), 0) as bet_minor,
      coalesce(sum(s.sign) filter (where t.type = 2), 0) as win_count,
      coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 2), 0) as win_minor,
      coalesce(sum(s.sign) filter (where t.type = 3), 0) as refund_count,
      coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 3), 0) as refund_minor,
      count(*) filter (where t.type <> 1 and t.cancel_reason = 0) as payout_count
    from ledger.transaction as t
    cross join lateral (
      select
        case when t.cancel_reason = 0 then 1 else -1 end as sign,
        case when t.cancel_reason = 0 then p_day
          else (ledger.id_time(t.cancels) at time zone 'Europe/Kyiv')::date end as anchor
    ) as s
    where t.occurred_at >= moment_from and t.occurred_at < moment_until and t.type in (1, 2, 3)
      and (p_operators is null or t.operator_id = any (p_operators))
    group by
      t.operator_id, t.round_id, t.currency, t.game_id, t.channel_id, t.licence_id, s.anchor
  ),
  staked as (
    select p.operator_id, p.round_id, p.currency, p_day as anchor, sum(p.placed) as stake
    from played as p where p.placed is not null
    group by p.operator_id, p.round_id, p.currency
  ),
  beside as materialized (
    select p.*, k.stake
    from played as p left join staked as k using (operator_id, round_id, currency, anchor)
  ),
  -- Rounds whose stake is not of the day itself.
  open as materialized (
    select
      b.operator_id, b.round_id, b.currency, b.anchor,
      max(least(31, coalesce(r.window_days, 1))) as days
    from beside as b
    join registry.licence as l on l.id = b.licence_id
    left join report.settlement_rule as r on r.gambling_type_id = l.gambling_type_id
    where b.stake is null
    group by b.operator_id, b.round_id, b.currency, b.anchor
  ),
  yesterday as materialized (
    select t.operator_id, t.round_id, t.currency, sum(t.amount_minor) as stake
    from ledger.transaction as t
    join (select distinct o.operator_id, o.round_id, o.currency from open as o) as o
      on o.operator_id = t.operator_id and o.round_id = t.round_id and o.currency = t.currency
    where t.occurred_at >= day_before and t.occurred_at < moment_from
      and t.type = 1 and t.cancel_reason = 0
      and (p_operators is null or t.operator_id = any (p_operators))
    group by t.operator_id, t.round_id, t.currency
  ),
  found_yesterday as materialized (
    select o.operator_id, o.round_id, o.currency, o.anchor, p_day - 1 as since, y.stake
    from open as o join yesterday as y using (operator_id, round_id, currency)
    where o.anchor >= p_day - 1
  ),
  still_open as materialized (
    select o.* from open as o
    left join found_yesterday as y using (operator_id, round_id, currency, anchor)
    where y.stake is null and (o.days > 1 or o.anchor < p_day) and o.anchor >= p_day - 31
  ),
  far as (
    select
      t.operator_id, t.round_id, t.currency, (t.occurred_at at time zone 'Europe/Kyiv')::date as day,
      sum(t.amount_minor) as stake,
      sum(t.amount_minor) filter (where t.licence_id = any (far_licences)) as far_stake
    from ledger.transaction as t
    join (select distinct o.operator_id, o.round_id, o.currency from still_open as o) as o
      on o.operator_id = t.operator_id and o.round_id = t.round_id and o.currency = t.currency
    where t.occurred_at >= far_before and t.occurred_at < day_before
      and t.type = 1 and t.cancel_reason = 0
      and (t.licence_id = any (far_licences) or t.occurred_at >= taken_from)
    group by 1, 2, 3, 4
  ),
  found_far as (
    select distinct on (o.operator_id, o.round_id, o.currency, o.anchor)
      o.operator_id, o.round_id, o.currency, o.anchor, f.day as since, s.stake
    from still_open as o
    join far as f using (operator_id, round_id, currency)
    cross join lateral (
      select case when f.day >= o.anchor - 1 then f.stake else f.far_stake end as stake
    ) as s
    where f.day <= o.anchor and f.day >= o.anchor - o.days and s.stake is not null
    order by o.operator_id, o.round_id, o.currency, o.anchor, f.day desc
  ),
  found as materialized (
    select y.* from found_yesterday as y
    union all
    select e.* from found_far as e
  ),
  told as materialized (
    select
      b.operator_id, b.round_id, b.game_id, b.channel_id, b.currency,
      case when b.stake is null then f.since else p_day end as since,
      coalesce(
        1 + width_bucket(coalesce(b.stake, f.stake)::bigint, rollup.stake_bounds()), 0)::smallint as band,
      b.bet_count, b.bet_minor, b.win_count, b.win_minor, b.refund_count, b.refund_minor, b.payout_count
    from beside as b
    left join found as f using (operator_id, round_id, currency, anchor)
  ),
  -- What was there before of rounds of earlier days, under the day of the stake that it was counted by.
  history as (
    select
      h.operator_id, h.round_id, h.currency, h.game_id, h.channel_id, h.bet_minor, h.win_minor, h.refund_minor,
      h.anchor, h.days, max(case when h.placed then h.anchor end) over (
        partition by h.operator_id, h.round_id, h.currency order by h.anchor) as since
    from (
      select
        t.operator_id, t.round_id, t.currency, t.game_id, t.channel_id, s.anchor,
        max(coalesce(r.window_days, 1)) as days,
        bool_or(t.type = 1 and t.cancel_reason = 0) as placed,
        coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 1), 0) as bet_minor,
        coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 2), 0) as win_minor,
        coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 3), 0) as refund_minor
      from ledger.transaction as t
      join (
        select f.operator_id, f.round_id, f.currency, min(f.since) as since
        from found as f group by f.operator_id, f.round_id, f.currency
      ) as f on f.operator_id = t.operator_id and f.round_id = t.round_id and f.currency = t.currency
      join registry.licence as l on l.id = t.licence_id
      left join report.settlement_rule as r on r.gambling_type_id = l.gambling_type_id
      cross join lateral (
        select
          case when t.cancel_reason = 0 then 1 else -1 end as sign,
          (case when t.cancel_reason = 0 then t.occurred_at else ledger.id_time(t.cancels) end
            at time zone 'Europe/Kyiv')::date as anchor
      ) as s
      where t.occurred_at >= far_before and t.occurred_at < moment_from and t.type in (1, 2, 3)
        and (p_operators is null or t.operator_id = any (p_operators)) and s.anchor >= f.since
      group by 1, 2, 3, 4, 5, 6
    ) as h
  ),
  earlier as (
    select
      h.operator_id, h.round_id, h.currency, h.game_id, h.channel_id, h.since, sum(h.bet_minor) as bet_minor,
      sum(h.win_minor) as win_minor, sum(h.refund_minor) as refund_minor
    from history as h
    where h.anchor - h.since <= least(31, h.days)
    group by 1, 2, 3, 4, 5, 6
  ),
  paid as (
    select
      u.operator_id, u.game_id, u.channel_id, u.currency, u.band,
      sum((a.multiple is not null)::integer - (e.multiple is not null)::integer) as round_count,
      sum(coalesce((a.multiple > 0)::integer, 0) - coalesce((e.multiple > 0)::integer, 0)) as hit_count,
      sum(coalesce(a.multiple, 0) - coalesce(e.multiple, 0)) as multiple_micro,
      sum(coalesce(a.multiple * a.multiple, 0) - coalesce(e.multiple * e.multiple, 0)) as square_micro
    from (
      select
        t.operator_id, t.round_id, t.currency, t.game_id, t.channel_id, t.since, max(t.band) as band,
        sum(t.bet_minor) as bet_minor, sum(t.win_minor) as win_minor, sum(t.refund_minor) as refund_minor
      from told as t where t.since is not null
      group by 1, 2, 3, 4, 5, 6
    ) as u
    left join earlier as b using (operator_id, round_id, currency, game_id, channel_id, since)
    cross join lateral (
      select rollup.round_multiple(b.bet_minor, b.win_minor, b.refund_minor) as multiple
    ) as e
    cross join lateral (
      select rollup.round_multiple(
        coalesce(b.bet_minor, 0) + u.bet_minor, coalesce(b.win_minor, 0) + u.win_minor,
        coalesce(b.refund_minor, 0) + u.refund_minor) as multiple
    ) as a
    group by 1, 2, 3, 4, 5
  )
  select
    t.operator_id, ledger.shard(), p_day, t.game_id, t.channel_id, t.currency, t.band,
    sum(t.bet_count)::bigint, sum(t.bet_minor)::bigint, sum(t.win_count)::bigint,
    sum(t.win_minor)::bigint, sum(t.refund_count)::bigint, sum(t.refund_minor)::bigint,
    sum(t.payout_count)::bigint,
    coalesce(max(p.round_count), 0)::bigint, coalesce(max(p.hit_count), 0)::bigint,
    coalesce(max(p.multiple_micro), 0), coalesce(max(p.square_micro), 0)
  from told as t
  left join paid as p using (operator_id, game_id, channel_id, currency, band)
  group by t.operator_id, t.game_id, t.channel_id, t.currency, t.band;
end
$body$;
comment on function rollup.recount_round_day(date, integer[]) is
  'What rollup.round_day must hold of a day, from raw rows: payouts joined to their bets by round.';
