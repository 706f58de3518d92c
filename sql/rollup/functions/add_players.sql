create or replace function rollup.add_players(p_added rollup.player_day[]) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Adds to rollup.player_day (p_added: differences) and, by the same amounts, to the counters. The caller holds the lock on rollup.player_progress. One statement, which sees the table
-- as it was before: what an account's row says now is told by RETURNING. Only accounts with a row that
-- became active or ceased to be (few: each once a day) are looked at more closely:
--   slots     each row of theirs in the quarters and weeks concerned: was it active, is it active
--   days, periods   the same by day and by day, week, month and quarter, for each gambling type and
--             for all together (0); where "was" and "is" differ, active_count changes; by day, active_days
--   firsts    the account's first active day, before and now; where they differ, new_count changes
-- Few of its steps are joins: how many accounts change cannot be estimated, and grouping is as fast for
-- many as for few. What is looked up of an account is a probe of the primary key.
begin
  with added as materialized (
    select
      a.operator_id, a.shard, a.player, a.day, a.gambling_type_id, a.currency,
      sum(a.bets)::bigint as bets, sum(a.stake_minor)::bigint as stake_minor,
      sum(a.win_minor)::bigint as win_minor, sum(a.refund_minor)::bigint as refund_minor,
      sum(a.deposit_minor)::bigint as deposit_minor,
      sum(a.withdrawal_minor)::bigint as withdrawal_minor,
      sum(a.night_stake_minor)::bigint as night_stake_minor
    from unnest(p_added) as a
    group by a.operator_id, a.shard, a.player, a.day, a.gambling_type_id, a.currency
  ),
  upserted as (
    insert into rollup.player_day as r
    select a.* from added as a
    order by a.operator_id, a.shard, a.player, a.day, a.gambling_type_id, a.currency
    on conflict (operator_id, shard, player, day, gambling_type_id, currency) do update set
      bets = r.bets + excluded.bets,
      stake_minor = r.stake_minor + excluded.stake_minor,
      win_minor = r.win_minor + excluded.win_minor,
      refund_minor = r.refund_minor + excluded.refund_minor,
      deposit_minor = r.deposit_minor + excluded.deposit_minor,
      withdrawal_minor = r.withdrawal_minor + excluded.withdrawal_minor,
      night_stake_minor = r.night_stake_minor + excluded.night_stake_minor
    returning r.operator_id, r.shard, r.player, r.day, r.gambling_type_id, r.currency, r.bets
  ),
  changed as materialized (
    select
      u.operator_id, u.shard, u.player, u.day, u.gambling_type_id, u.currency,
      u.bets - a.bets > 0 as was, u.bets > 0 as now_is
    from upserted as u
    join added as a using (operator_id, shard, player, day, gambling_type_id, currency)
    where (u.bets - a.bets > 0) <> (u.bets > 0)
  ),
  players as materialized (
    select
      c.operator_id, c.shard, c.player,
      least(
        date_trunc('quarter', min(c.day)::timestamp), date_trunc('week', min(c.day)::timestamp)
      )::date as day_from,
      greatest(
        date_trunc('quarter', max(c.day)::timestamp) + interval '3 months',
        date_trunc('week', max(c.day)::timestamp) + interval '7 days'
      )::date as day_until
    from changed as c
    group by c.operator_id, c.shard, c.player
  ),
  slots as (
    select
      s.operator_id, s.shard, s.player, s.day, s.gambling_type_id, s.currency,
      bool_or(s.was) as was, coalesce(bool_or(s.now_is), true) as now_is
    from (
      select
        b.operator_id, b.shard, b.player, b.day, b.gambling_type_id, b.currency, true as was,
        null::boolean as now_is
      from players as p
      cross join lateral (
        select d.* from rollup.player_day as d
        where d.operator_id = p.operator_id and d.shard = p.shard and d.player = p.player
          and d.day >= p.day_from and d.day < p.day_until and d.bets > 0
      ) as b
      union all
      select
        c.operator_id, c.shard, c.player, c.day, c.gambling_type_id, c.currency, c.was, c.now_is
      from changed as c
    ) as s
    group by s.operator_id, s.shard, s.player, s.day, s.gambling_type_id, s.currency
  ),
  days as materialized (
    select
      s.operator_id, s.shard, s.player, k.kind, s.day, bool_or(s.was) as was,
      bool_or(s.now_is) as now_is
    from slots as s
    cross join lateral (values (s.gambling_type_id), (0::smallint)) as k (kind)
    group by s.operator_id, s.shard, s.player, k.kind, s.day
  ),
  periods as (
    select
      d.operator_id, d.shard, d.player, d.kind, g.grain, g.period_start, bool_or(d.was) as was,
      bool_or(d.now_is) as now_is
    from days as d
    cross join lateral rollup.periods_of(d.day) as g
    group by d.operator_id, d.shard, d.player, d.kind, g.grain, g.period_start
  ),
  -- All days between an account's first and last one here are here; those around are looked up.
  firsts as materialized (
    select
      i.operator_id, i.shard, i.kind, least(i.was_first, o.day) as was_first,
      least(i.now_first, o.day) as now_first
    from (
      select
        d.operator_id, d.shard, d.player, d.kind, min(d.day) as here_from, max(d.day) as here_until,
        min(d.day) filter (where d.was) as was_first,
        min(d.day) filter (where d.now_is) as now_first
      from days as d
      group by d.operator_id, d.shard, d.player, d.kind
    ) as i
    left join lateral (
      select x.day from rollup.player_day as x
      where x.operator_id = i.operator_id and x.shard = i.shard and x.player = i.player
        and (i.kind = 0 or x.gambling_type_id = i.kind) and x.bets > 0
        and (x.day < i.here_from or x.day > i.here_until)
      order by x.day limit 1
    ) as o on true
    where least(i.was_first, o.day) is distinct from least(i.now_first, o.day)
  ),
  counted as (
    select
      p.operator_id, p.shard, p.grain, p.period_start, p.kind,
      p.now_is::integer - p.was::integer as active, 0 as new, 0 as days
    from periods as p
    where p.was <> p.now_is
    union all
    select
      d.operator_id, d.shard, g.grain, g.period_start, d.kind, 0, 0,
      d.now_is::integer - d.was::integer
    from days as d
    cross join lateral rollup.periods_of(d.day) as g
    where d.was <> d.now_is
    union all
    select
      f.operator_id, f.shard, g.grain, g.period_start, f.kind, 0, v.new, 0
    from firsts as f
    cross join lateral (values (f.was_first, -1), (f.now_first, 1)) as v (day, new)
    cross join lateral rollup.periods_of(v.day) as g
    where v.day is not null
  ),
  add_counts as (
    insert into rollup.account_count as r
    select
      c.operator_id, c.shard, c.grain, c.period_start, c.kind, sum(c.active), sum(c.new),
      sum(c.days)
    from counted as c
    group by c.operator_id, c.shard, c.grain, c.period_start, c.kind
    having sum(c.active) <> 0 or sum(c.new) <> 0 or sum(c.days) <> 0
    order by c.operator_id, c.shard, c.grain, c.period_start, c.kind
    on conflict (operator_id, shard, grain, period_start, gambling_type_id) do update set
      active_count = r.active_count + excluded.active_count,
      new_count = r.new_count + excluded.new_count,
      active_days = r.active_days + excluded.active_days
  ),
  -- An account that turns out to have begun on another day belongs to another cohort in every month.
  moved as (
    select min(least(f.was_first, f.now_first)) as day from firsts as f where f.was_first is not null
  )
  insert into rollup.player_period as r (grain, period_start, changes)
  select n.grain, n.period_start, 1
  from (
    select g.grain, g.period_start
    from (select distinct a.day from added as a) as d
    cross join lateral rollup.periods_of(d.day) as g
    union
    select m.grain, m.period_start
    from rollup.player_period as m
    cross join moved
    where m.grain = 'month' and m.period_start >= date_trunc('month', moved.day::timestamp)::date
  ) as n
  order by n.grain, n.period_start
  on conflict (grain, period_start) do update set changes = r.changes + 1;
end
$body$;
comment on function rollup.add_players(rollup.player_day[]) is
  'Adds differences to rollup.player_day and what follows from them to the counters of accounts.';
