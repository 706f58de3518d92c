create or replace function api.report_accounts(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_currency smallint, p_as_of timestamptz default null
) returns table (
    is_total boolean, key_1 bigint, key_2 bigint, key_3 bigint, active_count bigint, new_count bigint,
    returning_count bigint, mean_daily_active numeric, daily_to_period_percent numeric,
    active_days_per_account numeric, bets_per_active numeric, stake_per_active_minor bigint,
    arppa_minor bigint, night_account_count bigint, top1_share_percent numeric,
    top10_share_percent numeric, loss_counts bigint[]
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What is counted of accounts, under the keys of reports, as api.player_activity tells it. Accounts are
-- counted exactly in whole days, weeks, months and quarters, by operator and kind of gambling, and
-- only so: a row or a total stands for one such period, whole within the days asked for or up to today, or
-- nothing is told of it. Of several kinds of gambling that are not all nothing is told in one row.
-- Counts do not know what arrived when. As of a moment they are told of periods that had closed by then (03:00
-- of the day after) and of which nothing arrived since, new accounts where nothing did of days before, either: what
-- is kept is what was known then. The spread is told where it was not made again since.
declare
  today constant date := (statement_timestamp() at time zone 'Europe/Kyiv')::date;
  grain constant text := p_by[api.report_time_dimension(p_by)];
  inner_by constant text[] := array(
    select u.name from unnest(p_by) as u (name) where u.name in ('operator', 'gambling_type'));
  one_type constant smallint := case when cardinality(p_gambling_types) = 1 then p_gambling_types[1] end;
  -- The period that all the days asked for are, if they are one.
  whole constant text := (
    select g.grain
    from unnest(array['day', 'week', 'month', 'quarter']) with ordinality as g (grain, place)
    cross join lateral (
      select (date_trunc(g.grain, p_first::timestamp) + case g.grain
        when 'day' then interval '1 day' when 'week' then interval '7 days'
        when 'month' then interval '1 month' else interval '3 months' end)::date - 1 as day
    ) as e
    where p_first = date_trunc(g.grain, p_first::timestamp)::date
      and (p_last = e.day or p_last < e.day and p_last >= today)
    order by g.place limit 1
  );
  -- Since when nothing may have arrived: accounts are counted a little later than all else.
  since constant timestamptz := least(
    p_as_of, (select g.counted_until - interval '1 microsecond' from api.player_progress as g));
  since_hour constant timestamptz := date_bin('1 hour', since, '2000-01-01T00:00:00Z');
  since_day constant date := (since at time zone 'Europe/Kyiv')::date;
  since_month constant date := date_trunc('month', since_day::timestamp)::date;
  first_month constant date := date_trunc('month', p_first::timestamp)::date;
  -- The last day that had closed by the moment.
  last_closed constant date := coalesce(
    ((p_as_of at time zone 'Europe/Kyiv') - interval '27 hours')::date, 'infinity');
  -- What arrived in the hour itself since.
  batches bigint[];
  first_batch bigint;
  last_batch bigint;
  batches_from timestamptz;
  batches_until timestamptz;
begin
  if p_as_of is not null then
    select b.batches, b.first_batch, b.last_batch, b.occurred_from, b.occurred_until
    into batches, first_batch, last_batch, batches_from, batches_until
    from api.arrived_batches(
      since + interval '1 microsecond', since_hour + interval '1 hour' - interval '1 microsecond',
      p_operators) as b;
  end if;
  return query
  -- Days of which something arrived since, by operator and kind; months before the period's stand for their days.
  with late as materialized (
    select r.operator_id, r.gambling_type_id as kind, r.day
    from api.rollup_day as r
    where p_as_of is not null and r.day >= first_month and r.day <= p_last and r.received_day > since_day
    union
    select r.operator_id, r.gambling_type_id, r.month
    from api.rollup_month as r
    where p_as_of is not null and r.month < first_month and r.received_month > since_month
    union
    select r.operator_id, r.gambling_type_id, m.month
    from (
      select distinct r.month from api.rollup_month as r
      where p_as_of is not null and r.month < first_month and r.received_month = since_month
    ) as m
    join api.rollup_day as r on r.day >= m.month and r.day < (m.month + interval '1 month')::date
    where r.received_day > since_day
    union
    select r.operator_id, r.gambling_type_id, (r.hour at time zone 'Europe/Kyiv')::date
    from api.rollup_hour as r
    where p_as_of is not null and r.received_hour > since_hour
      and r.received_hour < (since_day + 1)::timestamp at time zone 'Europe/Kyiv'
      and r.hour < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
    union
    -- Of the hour itself raw rows.
    select t.operator_id, l.gambling_type_id, (t.occurred_at at time zone 'Europe/Kyiv')::date
    from api.transaction as t
    join api.licence as l on l.id = t.licence_id
    where batches is not null and t.batch_id = any (batches)
      and t.batch_id >= first_batch and t.batch_id <= last_batch
      and t.occurred_at >= batches_from and t.occurred_at <= batches_until
      and t.occurred_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
  ),
  -- Periods whose spread was made again since.
  again as materialized (
    select m.grain, m.period_start from api.account_period as m where m.made_at > p_as_of
  )
  select
    t.is_total,
    case when t.is_total then -1 else api.report_key(
      p_by[1], a.period_start, null, a.operator_id, a.gambling_type_id, null, null, null, null, null, null) end,
    case when t.is_total then -1 else api.report_key(
      p_by[2], a.period_start, null, a.operator_id, a.gambling_type_id, null, null, null, null, null, null) end,
    case when t.is_total then -1 else api.report_key(
      p_by[3], a.period_start, null, a.operator_id, a.gambling_type_id, null, null, null, null, null, null) end,
    a.active_count, case when n.known then a.new_count end, case when n.known then a.returning_count end,
    a.mean_daily_active, a.daily_to_period_percent,
    a.active_days_per_account, a.bets_per_active, a.stake_per_active_minor, a.arppa_minor,
    case when n.spread then a.night_account_count end, case when n.spread then a.top1_share_percent end,
    case when n.spread then a.top10_share_percent end, case when n.spread then a.loss_counts end
  from (
    values
      (false, coalesce(grain, whole), inner_by,
        cardinality(p_by) > 0 and coalesce(grain in ('day', 'week', 'month', 'quarter'), whole is not null)
        and p_by <@ array['operator', 'gambling_type', 'day', 'week', 'month', 'quarter']
        and (p_gambling_types is null or one_type is not null or 'gambling_type' = any (p_by))),
      (true, whole, array[]::text[],
        whole is not null and (p_gambling_types is null or one_type is not null))
  ) as t (is_total, grain, inner_by, told)
  cross join lateral api.player_activity(
    p_first, p_last, case when t.told then t.grain else 'quarter' end, t.inner_by, p_operators, one_type,
    p_currency) as a
  cross join lateral (
    select
      not coalesce(bool_or(l.day >= a.period_start), false) as whole, count(l.day) = 0 as known,
      not exists (
        select from again as g where g.grain = t.grain and g.period_start = a.period_start) as spread
    from late as l
    where l.day <= a.period_end and (a.operator_id is null or l.operator_id = a.operator_id)
      and (p_operators is null or l.operator_id = any (p_operators))
      and l.kind = coalesce(a.gambling_type_id, one_type, l.kind)
  ) as n
  where t.told and a.period_end <= last_closed and n.whole
    and (p_gambling_types is null or not 'gambling_type' = any (t.inner_by)
      or a.gambling_type_id = any (p_gambling_types))
    and a.period_start >= p_first
    and (a.period_end <= p_last or p_last >= today);
end
$body$;
comment on function api.report_accounts(
  date, date, text[], integer[], smallint[], smallint, timestamptz
) is
  'What is counted of players'' accounts, under the keys of reports.';
