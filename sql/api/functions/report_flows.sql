create or replace function api.report_flows(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_licences integer[], p_channels integer[], p_games integer[], p_currency smallint,
  p_as_of timestamptz, p_against text default 'none', p_breach integer default null,
  p_night boolean default false
) returns table (
    is_total boolean, key_1 bigint, key_2 bigint, key_3 bigint,
    bet_count bigint, bet_minor bigint,
    win_count bigint, win_minor bigint,
    refund_count bigint, refund_minor bigint,
    deposit_count bigint, deposit_minor bigint,
    withdrawal_count bigint, withdrawal_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set work_mem = '64MB'
  -- Groups are guessed far too few, and what can be hashed would be sorted.
  set enable_sort = off
as $body$
-- The sums that reports of money are made of: whole days of Europe/Kyiv, both ends included, one
-- currency, cancelling records subtracted in their own hour; a row for each key (see api.report_key) and
-- one for the total, which is there even when nothing is.
-- Equipment is counted by day and by hour, channels and payment by hour, marked records by day and by hour,
-- games and all else by day and by month: of a period the whole months are read from there, unless days or
-- weeks are asked for. A month that goes on is whole when nothing is stored of the days of it that are left
-- out. Games, equipment and marked records are in days and months once their hour of arrival is over; what
-- arrived since is read by hour. on_equipment is a key beside games and keeps to what was played on equipment;
-- breach is one beside marks;
-- game_type and declared_rtp are what the register says of a game (-1 where it says nothing).
-- As of a moment: what had arrived by the hour before it (of months by the month before it, and that
-- month's days; of days by the day before it, and that day's hours), and of the hour itself the raw rows
-- of its batches.
-- p_against gives the figures of an earlier period (see api.report_shift) under the keys of this one: each
-- day is told as the one so much later, and a key of which nothing is left has no row. p_breach: records
-- under one of these marks alone; p_night: bets and refunds between 00:00 and 06:00 in Kyiv alone, nothing of
-- other types. What days and months alone hold up to now is told by api.day_flows.
declare
  shift constant interval := api.report_shift(p_first, p_last, p_against);
  -- Days are added to days in a fraction of the time that months take.
  whole_days constant boolean := extract(month from shift) = 0 and extract(year from shift) = 0;
  shift_days constant integer := extract(day from shift)::integer;
  by_register constant boolean := p_by && array['game_type', 'declared_rtp'];
  of_games constant boolean := p_games is not null or by_register
    or p_by && array['game', 'equipment', 'on_equipment'];
  of_equipment constant boolean := 'on_equipment' = any (p_by);
  grain constant text := case
    when of_games then case when 'hour' = any (p_by) then 'game_hour'
      when 'equipment' = any (p_by) then 'game_day' else 'play' end
    when p_breach is not null and not p_by && array['hour', 'payment'] then 'mark'
    when p_channels is not null or p_breach is not null
      or p_by && array['hour', 'channel', 'payment', 'breach'] then 'hour'
    else 'day' end;
  games_until constant timestamptz := api.games_counted_until();
  scan_first constant date := (p_first - shift)::date;
  -- Of a longer month more days map to the last one.
  scan_last constant date := (p_last - shift)::date + case when p_against = 'none' then 0 else 3 end;
  moment_from constant timestamptz := scan_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (scan_last + 1)::timestamp at time zone 'Europe/Kyiv';
  -- The months read whole: from the first until before the second.
  month_from date := scan_first;
  month_until date := scan_first;
  until_day constant date := coalesce((p_as_of at time zone 'Europe/Kyiv')::date, 'infinity');
  until_month constant date := date_trunc('month', until_day::timestamp)::date;
  until_hour constant timestamptz :=
    coalesce(date_bin('1 hour', p_as_of, '2000-01-01T00:00:00Z'), 'infinity');
  since_hour constant timestamptz := until_day::timestamp at time zone 'Europe/Kyiv';
  -- Hours of arrival that are read beside days and months, or all of them.
  hours_since constant timestamptz := case
    when grain in ('play', 'game_day', 'mark') then least(games_until, since_hour)
    when grain = 'day' then since_hour else '-infinity' end;
  -- What arrived in the hour of the moment itself.
  batches bigint[];
  first_batch bigint;
  last_batch bigint;
  batches_from timestamptz;
  batches_until timestamptz;
begin
  if grain = 'day' and p_as_of is null then
    return query select f.* from api.day_flows(
      p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_currency, p_against, p_night) as f;
    return;
  end if;
  if grain in ('day', 'play') and not p_by && array['day', 'week']
    and (extract(day from shift) = 0 or not p_by && array['month', 'quarter', 'year'])
  then
    month_from := date_trunc('month', scan_first + interval '1 month' - interval '1 day')::date;
    if (month_from + shift)::date < p_first then
      month_from := (month_from + interval '1 month')::date;
    end if;
    month_until := date_trunc('month', (scan_last + 1)::timestamp)::date;
    if (month_until - 1 + shift)::date > p_last then
      month_until := (month_until - interval '1 month')::date;
    end if;
    if p_against = 'none' and month_from <= month_until and month_until <= p_last and not exists (
      select from api.rollup_day as r
      where r.day > p_last and r.day < (month_until + interval '1 month')::date
    ) then
      month_until := (month_until + interval '1 month')::date;
    end if;
    if month_until <= month_from then
      month_from := scan_first;
      month_until := scan_first;
    end if;
  end if;
  if p_as_of is not null then
    select b.batches, b.first_batch, b.last_batch, b.occurred_from, b.occurred_until
    into batches, first_batch, last_batch, batches_from, batches_until
    from api.arrived_batches(until_hour, p_as_of, p_operators) as b;
  end if;
  return query
  with fact as (
    select
      r.operator_id, r.month as day, null::timestamptz as hour, r.gambling_type_id, r.licence_id,
      0 as channel_id, 0::smallint as payment, 0::smallint as breach, 0 as game_id,
      0 as equipment_id,
      case when p_night then r.night_bet_count else r.bet_count end as bet_count,
      case when p_night then r.night_bet_minor else r.bet_minor end as bet_minor,
      case when p_night then 0 else r.win_count end as win_count, case when p_night then 0 else r.win_minor end as win_minor,
      case when p_night then 0 else r.refund_count end as refund_count,
      case when p_night then r.night_refund_minor else r.refund_minor end as refund_minor,
      case when p_night then 0 else r.deposit_count end as deposit_count,
      case when p_night then 0 else r.deposit_minor end as deposit_minor,
      case when p_night then 0 else r.withdrawal_count end as withdrawal_count,
      case when p_night then 0 else r.withdrawal_minor end as withdrawal_minor
    from api.rollup_month as r
    where grain = 'day' and r.month >= month_from and r.month < month_until
      and r.received_month < until_month
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or r.licence_id = any (p_licences))
    union all
    select
      r.operator_id, r.day, null, r.gambling_type_id, r.licence_id, 0, 0::smallint, 0::smallint, 0, 0,
      case when p_night then r.night_bet_count else r.bet_count end,
      case when p_night then r.night_bet_minor else r.bet_minor end,
      case when p_night then 0 else r.win_count end, case when p_night then 0 else r.win_minor end,
      case when p_night then 0 else r.refund_count end,
      case when p_night then r.night_refund_minor else r.refund_minor end,
      case when p_night then 0 else r.deposit_count end,
      case when p_night then 0 else r.deposit_minor end,
      case when p_night then 0 else r.withdrawal_count end,
      case when p_night then 0 else r.withdrawal_minor end
    from api.rollup_day as r
    where grain = 'day'
      and (
        r.day >= scan_first and r.day < month_from
        or r.day >= month_until and r.day <= scan_last
        or r.day >= month_from and r.day < month_until and r.received_day >= until_month
      )
      and r.received_day < until_day
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or r.licence_id = any (p_licences))
    union all
    select
      r.operator_id, (r.hour at time zone 'Europe/Kyiv')::date, r.hour, r.gambling_type_id,
      r.licence_id, r.channel_id, r.payment, r.breach, 0, 0,
      r.bet_count,
      r.bet_minor,
      case when p_night then 0 else r.win_count end, case when p_night then 0 else r.win_minor end,
      case when p_night then 0 else r.refund_count end,
      r.refund_minor,
      case when p_night then 0 else r.deposit_count end,
      case when p_night then 0 else r.deposit_minor end,
      case when p_night then 0 else r.withdrawal_count end,
      case when p_night then 0 else r.withdrawal_minor end
    from api.rollup_hour as r
    where grain in ('hour', 'mark', 'day')
      and r.hour >= moment_from and r.hour < moment_until
      and (hours_since = '-infinity' or r.received_hour >= hours_since)
      and (p_as_of is null or r.received_hour < until_hour)
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or r.licence_id = any (p_licences))
      and (p_channels is null or r.channel_id = any (p_channels))
      -- The first condition finds the index.
      and (p_breach is null or r.breach <> 0)
      and (p_breach is null or r.breach & p_breach <> 0)
      and (not p_night or extract(hour from r.hour at time zone 'Europe/Kyiv') < 6)
    union all
    select
      r.operator_id, r.day, null, r.gambling_type_id, r.licence_id, r.channel_id, 0::smallint, r.breach, 0, 0,
      r.bet_count, r.bet_minor,
      r.win_count, r.win_minor,
      r.refund_count, r.refund_minor,
      r.deposit_count, r.deposit_minor,
      r.withdrawal_count, r.withdrawal_minor
    from api.rollup_mark_day as r
    where grain = 'mark' and r.day >= scan_first and r.day <= scan_last
      and r.received_day < until_day
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or r.licence_id = any (p_licences))
      and (p_channels is null or r.channel_id = any (p_channels))
      and r.breach & p_breach <> 0
    union all
    select
      r.operator_id, r.month, null, 0::smallint, 0, 0, 0::smallint, 0::smallint, r.game_id,
      r.on_equipment::integer,
      r.bet_count, r.bet_minor,
      r.win_count, r.win_minor,
      r.refund_count, r.refund_minor,
      r.deposit_count, r.deposit_minor,
      r.withdrawal_count, r.withdrawal_minor
    from api.rollup_play_month as r
    where grain = 'play' and r.month >= month_from and r.month < month_until
      and r.received_month < until_month
      and r.currency = p_currency and (not of_equipment or r.on_equipment)
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_games is null or r.game_id = any (p_games))
    union all
    select
      r.operator_id, r.day, null, 0::smallint, 0, 0, 0::smallint, 0::smallint, r.game_id,
      r.on_equipment::integer,
      r.bet_count, r.bet_minor,
      r.win_count, r.win_minor,
      r.refund_count, r.refund_minor,
      r.deposit_count, r.deposit_minor,
      r.withdrawal_count, r.withdrawal_minor
    from api.rollup_play_day as r
    where grain = 'play'
      and (
        r.day >= scan_first and r.day < month_from
        or r.day >= month_until and r.day <= scan_last
        or p_as_of is not null
        and r.day >= month_from and r.day < month_until and r.received_day >= until_month
      )
      and r.received_day < until_day
      and r.currency = p_currency and (not of_equipment or r.on_equipment)
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_games is null or r.game_id = any (p_games))
    union all
    select
      r.operator_id, r.day, null, 0::smallint, 0, 0, 0::smallint, 0::smallint, r.game_id,
      r.equipment_id,
      r.bet_count, r.bet_minor,
      r.win_count, r.win_minor,
      r.refund_count, r.refund_minor,
      r.deposit_count, r.deposit_minor,
      r.withdrawal_count, r.withdrawal_minor
    from api.counted_game_day as r
    where grain = 'game_day' and r.day >= scan_first and r.day <= scan_last
      and r.received_day < until_day
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_games is null or r.game_id = any (p_games))
    union all
    select
      r.operator_id, (r.hour at time zone 'Europe/Kyiv')::date, r.hour, 0::smallint, 0, 0,
      0::smallint, 0::smallint, r.game_id, r.equipment_id,
      r.bet_count, r.bet_minor,
      r.win_count, r.win_minor,
      r.refund_count, r.refund_minor,
      r.deposit_count, r.deposit_minor,
      r.withdrawal_count, r.withdrawal_minor
    from api.rollup_game_hour as r
    where grain in ('game_hour', 'game_day', 'play')
      and r.hour >= moment_from and r.hour < moment_until
      and (hours_since = '-infinity' or r.received_hour >= hours_since)
      and (p_as_of is null or r.received_hour < until_hour)
      and r.currency = p_currency and (not of_equipment or r.equipment_id <> 0)
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_games is null or r.game_id = any (p_games))
    union all
    select
      t.operator_id, (t.occurred_at at time zone 'Europe/Kyiv')::date,
      date_bin('1 hour', t.occurred_at, '2000-01-01T00:00:00Z'), l.gambling_type_id, t.licence_id,
      t.channel_id, t.payment, t.breach, t.game_id, t.equipment_id,
      case when t.type = 1 then s.sign else 0 end,
      case when t.type = 1 then s.sign * t.amount_minor else 0 end,
      case when t.type = 2 then s.sign else 0 end,
      case when t.type = 2 then s.sign * t.amount_minor else 0 end,
      case when t.type = 3 then s.sign else 0 end,
      case when t.type = 3 then s.sign * t.amount_minor else 0 end,
      case when t.type = 4 then s.sign else 0 end,
      case when t.type = 4 then s.sign * t.amount_minor else 0 end,
      case when t.type = 5 then s.sign else 0 end,
      case when t.type = 5 then s.sign * t.amount_minor else 0 end
    from api.transaction as t
    join api.licence as l on l.id = t.licence_id
    cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
    where batches is not null
      and t.occurred_at >= greatest(moment_from, batches_from)
      and t.occurred_at < moment_until and t.occurred_at <= batches_until
      and t.batch_id >= first_batch and t.batch_id <= last_batch
      and t.batch_id = any (batches)
      and t.currency = p_currency
      and (p_operators is null or t.operator_id = any (p_operators))
      and (p_gambling_types is null or of_games or l.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or t.licence_id = any (p_licences))
      and (p_channels is null or t.channel_id = any (p_channels))
      and (p_games is null or t.game_id = any (p_games))
      and (not of_equipment or t.equipment_id <> 0)
      and (p_breach is null or t.breach & p_breach <> 0)
      and (
        not p_night
        or t.type in (1, 3) and extract(hour from t.occurred_at at time zone 'Europe/Kyiv') < 6
      )
  ),
  keyed as (
    select
      case p_by[1]
        when 'game_type' then coalesce(g.gambling_type_id, -1)::bigint
        when 'declared_rtp' then coalesce(g.declared_rtp_ppm, -1)::bigint
        else api.report_key(
          p_by[1], case when p_against = 'none' then f.day when whole_days then f.day + shift_days
          else (f.day + shift)::date end, f.hour, f.operator_id, f.gambling_type_id, f.licence_id,
          f.channel_id, f.payment, f.breach, f.game_id, f.equipment_id)
      end as key_1,
      case p_by[2]
        when 'game_type' then coalesce(g.gambling_type_id, -1)::bigint
        when 'declared_rtp' then coalesce(g.declared_rtp_ppm, -1)::bigint
        else api.report_key(
          p_by[2], case when p_against = 'none' then f.day when whole_days then f.day + shift_days
          else (f.day + shift)::date end, f.hour, f.operator_id, f.gambling_type_id, f.licence_id,
          f.channel_id, f.payment, f.breach, f.game_id, f.equipment_id)
      end as key_2,
      case p_by[3]
        when 'game_type' then coalesce(g.gambling_type_id, -1)::bigint
        when 'declared_rtp' then coalesce(g.declared_rtp_ppm, -1)::bigint
        else api.report_key(
          p_by[3], case when p_against = 'none' then f.day when whole_days then f.day + shift_days
          else (f.day + shift)::date end, f.hour, f.operator_id, f.gambling_type_id, f.licence_id,
          f.channel_id, f.payment, f.breach, f.game_id, f.equipment_id)
      end as key_3,
      f.bet_count, f.bet_minor,
      f.win_count, f.win_minor,
      f.refund_count, f.refund_minor,
      f.deposit_count, f.deposit_minor,
      f.withdrawal_count, f.withdrawal_minor
    from fact as f
    left join api.game as g on by_register and g.id = f.game_id
    where p_against = 'none'
      or whole_days and f.day + shift_days >= p_first and f.day + shift_days <= p_last
      or not whole_days and (f.day + shift)::date >= p_first and (f.day + shift)::date <= p_last
  ),
  -- Summed up once by key, and those sums for the total: all rows twice would take twice as long.
  summed as materialized (
    select
      k.key_1, k.key_2, k.key_3,
      api.total(k.bet_count) as bet_count,
      api.total(k.bet_minor) as bet_minor,
      api.total(k.win_count) as win_count,
      api.total(k.win_minor) as win_minor,
      api.total(k.refund_count) as refund_count,
      api.total(k.refund_minor) as refund_minor,
      api.total(k.deposit_count) as deposit_count,
      api.total(k.deposit_minor) as deposit_minor,
      api.total(k.withdrawal_count) as withdrawal_count,
      api.total(k.withdrawal_minor) as withdrawal_minor
    from keyed as k
    group by k.key_1, k.key_2, k.key_3
  )
  select
    false, s.key_1, s.key_2, s.key_3,
    s.bet_count, s.bet_minor, s.win_count, s.win_minor, s.refund_count, s.refund_minor,
    s.deposit_count, s.deposit_minor, s.withdrawal_count, s.withdrawal_minor
  from summed as s
  where cardinality(p_by) > 0 and (p_against = 'none' or (
    s.bet_count, s.bet_minor, s.win_count, s.win_minor, s.refund_count, s.refund_minor,
    s.deposit_count, s.deposit_minor, s.withdrawal_count, s.withdrawal_minor
  ) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  union all
  select
    true, -1, -1, -1,
    coalesce(api.total(s.bet_count), 0),
    coalesce(api.total(s.bet_minor), 0),
    coalesce(api.total(s.win_count), 0),
    coalesce(api.total(s.win_minor), 0),
    coalesce(api.total(s.refund_count), 0),
    coalesce(api.total(s.refund_minor), 0),
    coalesce(api.total(s.deposit_count), 0),
    coalesce(api.total(s.deposit_minor), 0),
    coalesce(api.total(s.withdrawal_count), 0),
    coalesce(api.total(s.withdrawal_minor), 0)
  from summed as s;
end
$body$;
comment on function api.report_flows(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
  text, integer, boolean
) is 'Counts and sums by type behind reports, by up to three keys, with their total.';
