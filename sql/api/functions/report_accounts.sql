create or replace function api.report_accounts(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_currency smallint
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
begin
  return query
  select
    t.is_total,
    case when t.is_total then -1 else api.report_key(
      p_by[1], a.period_start, null, a.operator_id, a.gambling_type_id, null, null, null, null, null, null) end,
    case when t.is_total then -1 else api.report_key(
      p_by[2], a.period_start, null, a.operator_id, a.gambling_type_id, null, null, null, null, null, null) end,
    case when t.is_total then -1 else api.report_key(
      p_by[3], a.period_start, null, a.operator_id, a.gambling_type_id, null, null, null, null, null, null) end,
    a.active_count, a.new_count, a.returning_count, a.mean_daily_active, a.daily_to_period_percent,
    a.active_days_per_account, a.bets_per_active, a.stake_per_active_minor, a.arppa_minor,
    a.night_account_count, a.top1_share_percent, a.top10_share_percent, a.loss_counts
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
  where t.told
    and (p_gambling_types is null or not 'gambling_type' = any (t.inner_by)
      or a.gambling_type_id = any (p_gambling_types))
    and a.period_start >= p_first
    and (a.period_end <= p_last or p_last >= today);
end
$body$;
comment on function api.report_accounts(date, date, text[], integer[], smallint[], smallint) is
  'What is counted of players'' accounts, under the keys of reports.';
