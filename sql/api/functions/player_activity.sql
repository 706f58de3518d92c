create or replace function api.player_activity(
  p_from date,
  p_to date,
  p_grain text default 'month',
  p_by text[] default '{}',
  p_operators integer[] default null,
  p_gambling_type smallint default null,
  p_currency smallint default 980
) returns table (
    period_start date,
    period_end date,
    operator_id integer,
    gambling_type_id smallint,
    closed boolean,
    active_count bigint,
    new_count bigint,
    returning_count bigint,
    mean_daily_active numeric,
    daily_to_period_percent numeric,
    active_days_per_account numeric,
    bet_count bigint,
    stake_minor bigint,
    net_stake_minor bigint,
    ggr_minor bigint,
    bets_per_active numeric,
    stake_per_active_minor bigint,
    arppa_minor bigint,
    spread_until date,
    night_account_count bigint,
    night_share_percent numeric,
    top1_share_percent numeric,
    top10_share_percent numeric,
    lorenz_percent numeric[],
    loss_steps_minor bigint[],
    loss_counts bigint[],
    few boolean,
    counted_until timestamptz
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Activity of players' accounts in the whole days, weeks, months or quarters (p_grain; Europe/Kyiv) that
-- the days p_from to p_to touch. An account is an operator's pseudonym: accounts are no persons.
--   p_by              what a row stands for beside its period: operator, gambling_type, both or neither
--   p_gambling_type   accounts of one type; null counts each account once over all
-- Money of rollup.day or, of months and quarters, rollup.month, in minor units of p_currency, of all records
-- of the period, accounts counted over
-- all currencies:
--   new, returning    active in the period for the first time / active before it too
--   mean_daily_active        mean of the days of the period that have begun (DAU)
--   daily_to_period_percent  100 mean_daily_active / active (of a month: DAU / MAU)
--   active_days_per_account  sum of the days' active / active
--   arppa             GGR / active
-- Made each morning for the days closed, up to spread_until, of the accounts active in them:
--   night_share_percent      stakes from 00:00 to 06:00 of all their stakes
--   top1, top10              GGR of the 1 % and 10 % of accounts that lost most, of all positive GGR
--   lorenz_percent           20 shares: what the 5 %, 10 % … 100 % that lost least make of it
--   loss_counts              accounts that lost more than each of loss_steps_minor
-- null where nothing is made yet, where several operators are asked for in one row but not all, and of
-- fewer than ten accounts, which would tell of single ones. few: a row of fewer than ten active accounts,
-- for public copies to hide. x / 0 is null. counted_until: batches that arrived before are counted.
-- Raises DZV01 for a period that is reversed or too long, DZV02 for an unknown grain or grouping.
declare
  by_operator constant boolean := 'operator' = any (p_by);
  by_type constant boolean := 'gambling_type' = any (p_by);
  asked_type constant smallint := coalesce(p_gambling_type, 0::smallint);
  of_months constant boolean := p_grain in ('month', 'quarter');
  today date;
  counted timestamptz;
  first_day date;
  last_day date;
begin
  if p_to < p_from then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_to - p_from > (case p_grain when 'day' then 400 else 3660 end) then
    raise exception using
      errcode = 'DZV01', message = 'at most 400 days by day, ten years otherwise';
  elsif p_grain is null or not p_grain = any (array['day', 'week', 'month', 'quarter'])
    or p_by is null or not p_by <@ array['operator', 'gambling_type'] then
    raise exception using errcode = 'DZV02', message = 'unknown grain or grouping';
  end if;
  select g.counted_until into counted from api.player_progress as g;
  today := (statement_timestamp() at time zone 'Europe/Kyiv')::date;
  first_day := date_trunc(p_grain, p_from::timestamp)::date;
  last_day := (
    date_trunc(p_grain, p_to::timestamp) + case p_grain
      when 'day' then interval '1 day' when 'week' then interval '7 days'
      when 'month' then interval '1 month' else interval '3 months' end
  )::date - 1;
  return query
  -- - 1 where rows are not told apart by it: null could not be joined by.
  with periods as materialized (
    select
      s.start::date as period_start,
      (s.start + case p_grain
        when 'day' then interval '1 day' when 'week' then interval '7 days'
        when 'month' then interval '1 month' else interval '3 months' end)::date - 1 as period_end
    from generate_series(
      first_day::timestamp, last_day::timestamp, case p_grain
        when 'day' then interval '1 day' when 'week' then interval '7 days'
        when 'month' then interval '1 month' else interval '3 months' end
    ) as s (start)
  ),
  accounts as materialized (
    select
      c.period_start, case when by_operator then c.operator_id else -1 end as operator_id,
      case when by_type then c.gambling_type_id else -1 end as kind, sum(c.active_count) as active,
      sum(c.new_count) as new, sum(c.active_days) as active_days
    from api.account_count as c
    where c.grain = p_grain and c.period_start >= first_day and c.period_start <= last_day
      and (p_operators is null or c.operator_id = any (p_operators))
      and case when by_type and p_gambling_type is null then c.gambling_type_id <> 0
        else c.gambling_type_id = asked_type end
    group by 1, 2, 3
  ),
  money as materialized (
    select
      date_trunc(p_grain, r.day::timestamp)::date as period_start,
      case when by_operator then r.operator_id else -1 end as operator_id,
      case when by_type then r.gambling_type_id else -1 end as kind, sum(r.bet_count) as bets,
      sum(r.bet_minor) as stake, sum(r.bet_minor - r.refund_minor) as net_stake,
      sum(r.bet_minor - r.refund_minor - r.win_minor) as ggr
    from (
      select
        m.month as day, m.operator_id, m.gambling_type_id, m.bet_count, m.bet_minor, m.refund_minor, m.win_minor
      from api.rollup_month as m
      where of_months and m.month >= first_day and m.month <= last_day and m.currency = p_currency
      union all
      select d.day, d.operator_id, d.gambling_type_id, d.bet_count, d.bet_minor, d.refund_minor, d.win_minor
      from api.rollup_day as d
      where not of_months and d.day >= first_day and d.day <= last_day and d.currency = p_currency
    ) as r
    where (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_type is null or r.gambling_type_id = p_gambling_type)
    group by 1, 2, 3
  ),
  keys as (
    select a.period_start, a.operator_id, a.kind from accounts as a
    union
    select m.period_start, m.operator_id, m.kind from money as m
  )
  select
    k.period_start, p.period_end, nullif(k.operator_id, -1), nullif(k.kind, -1)::smallint,
    counted >= ((p.period_end + 1)::timestamp + interval '3 hours') at time zone 'Europe/Kyiv',
    v.active, v.new, v.active - v.new,
    round(a.active_days / nullif(v.days, 0), 2),
    round(100 * a.active_days / nullif(v.days * v.active, 0), 2),
    round(a.active_days / nullif(v.active, 0), 2),
    v.bets, v.stake, v.net_stake, v.ggr,
    round(v.bets::numeric / nullif(v.active, 0), 2),
    round(v.stake::numeric / nullif(v.active, 0))::bigint,
    round(v.ggr::numeric / nullif(v.active, 0))::bigint,
    s.until_day, s.night_account_count,
    round(100 * s.night_stake_minor::numeric / nullif(s.stake_minor, 0), 2),
    round(100 * s.top1_minor::numeric / nullif(s.gain_minor, 0), 2),
    round(100 * s.top10_minor::numeric / nullif(s.gain_minor, 0), 2),
    case when s.gain_minor > 0 then array(
      select round(100 * l.minor::numeric / s.gain_minor, 2)
      from unnest(s.lorenz_minor) with ordinality as l (minor, place) order by l.place
    ) end,
    s.loss_steps, s.loss_counts, v.active < 10, counted
  from keys as k
  join periods as p on p.period_start = k.period_start
  left join accounts as a
    on a.period_start = k.period_start and a.operator_id = k.operator_id and a.kind = k.kind
  left join money as m
    on m.period_start = k.period_start and m.operator_id = k.operator_id and m.kind = k.kind
  cross join lateral (
    select
      coalesce(a.active, 0)::bigint as active, coalesce(a.new, 0)::bigint as new,
      coalesce(m.bets, 0)::bigint as bets, coalesce(m.stake, 0)::bigint as stake,
      coalesce(m.net_stake, 0)::bigint as net_stake, coalesce(m.ggr, 0)::bigint as ggr,
      least(p.period_end, today) - k.period_start + 1 as days
  ) as v
  -- Of all operators together there is a row of its own (0), which an operator does not see: it has
  -- its own row alone.
  left join lateral (
    select f.* from api.account_spread as f
    where f.grain = p_grain and f.period_start = k.period_start and f.currency = p_currency
      and f.gambling_type_id = case when by_type then k.kind else asked_type end
      and case
        when by_operator then f.operator_id = k.operator_id
        when p_operators is null then true
        else cardinality(p_operators) = 1 and f.operator_id = p_operators[1]
      end
    order by f.operator_id limit 1
  ) as s on true
  order by k.period_start, k.operator_id, k.kind;
end
$body$;
comment on function api.player_activity(
  date, date, text, text[], integer[], smallint, smallint
) is 'Activity of players'' accounts by day, week, month or quarter: how many, new, spread of play.';
