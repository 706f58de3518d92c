create or replace function api.day_flows(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_licences integer[], p_currency smallint, p_against text, p_night boolean
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
-- What api.report_flows tells up to now of what days and months hold: the part of it that most reports ask
-- for several times each, in a query of its own, as planning the whole of it takes longer than running this.
-- Of a period the whole months are read as months, unless days or weeks are asked for. Of an earlier period
-- (p_against) a month of which most is asked for is read whole, too, and the days that are not are taken
-- away from it: there it does not matter which keys have rows of which nothing is left, as they have none.
declare
  shift constant interval := api.report_shift(p_first, p_last, p_against);
  -- Days are added to days in a fraction of the time that months take.
  whole_days constant boolean := extract(month from shift) = 0 and extract(year from shift) = 0;
  shift_days constant integer := extract(day from shift)::integer;
  earlier constant boolean := p_against <> 'none';
  scan_first constant date := (p_first - shift)::date;
  -- Of a longer month more days map to the last one.
  scan_last constant date := (p_last - shift)::date + case when whole_days then 0 else 3 end;
  by_months constant boolean := not p_by && array['day', 'week']
    and (not whole_days or shift_days = 0 or not p_by && array['month', 'quarter', 'year']);
  outer_from constant date := date_trunc('month', scan_first::timestamp)::date;
  outer_until constant date := (date_trunc('month', scan_last::timestamp) + interval '1 month')::date;
  inner_from constant date := case when outer_from = scan_first then scan_first
    else (outer_from + interval '1 month')::date end;
  inner_until constant date := date_trunc('month', (scan_last + 1)::timestamp)::date;
  -- The months read whole: from the first until before the second.
  month_from date := scan_first;
  month_until date := scan_first;
begin
  if by_months and earlier and whole_days then
    if inner_until < inner_from then
      -- Within one month: whole, where fewer days of it are left out than are asked for.
      if outer_until - outer_from < 2 * (scan_last + 1 - scan_first) then
        month_from := outer_from;
        month_until := outer_until;
      end if;
    else
      month_from := case when scan_first - outer_from < inner_from - scan_first then outer_from else inner_from end;
      month_until := case when outer_until - (scan_last + 1) < scan_last + 1 - inner_until then outer_until
        else inner_until end;
    end if;
  elsif by_months then
    month_from := inner_from;
    if (month_from + shift)::date < p_first then
      month_from := (month_from + interval '1 month')::date;
    end if;
    month_until := inner_until;
    if (month_until - 1 + shift)::date > p_last then
      month_until := (month_until - interval '1 month')::date;
    end if;
    -- A month that goes on is whole when nothing is stored of the days of it that are left out.
    if not earlier and month_from <= month_until and month_until <= p_last and not exists (
      select from api.rollup_day as r
      where r.day > p_last and r.day < (month_until + interval '1 month')::date
    ) then
      month_until := (month_until + interval '1 month')::date;
    end if;
  end if;
  if month_until <= month_from then
    month_from := scan_first;
    month_until := scan_first;
  end if;
  return query
  with fact as (
    select
      r.operator_id, r.month as day, r.gambling_type_id, r.licence_id,
      case when p_night then r.night_bet_count else r.bet_count end as bet_count,
      case when p_night then r.night_bet_minor else r.bet_minor end as bet_minor,
      case when p_night then 0 else r.win_count end as win_count,
      case when p_night then 0 else r.win_minor end as win_minor,
      case when p_night then 0 else r.refund_count end as refund_count,
      case when p_night then r.night_refund_minor else r.refund_minor end as refund_minor,
      case when p_night then 0 else r.deposit_count end as deposit_count,
      case when p_night then 0 else r.deposit_minor end as deposit_minor,
      case when p_night then 0 else r.withdrawal_count end as withdrawal_count,
      case when p_night then 0 else r.withdrawal_minor end as withdrawal_minor
    from api.rollup_month as r
    where r.month >= month_from and r.month < month_until
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or r.licence_id = any (p_licences))
    union all
    select
      r.operator_id, r.day, r.gambling_type_id, r.licence_id,
      s.sign * case when p_night then r.night_bet_count else r.bet_count end,
      s.sign * case when p_night then r.night_bet_minor else r.bet_minor end,
      s.sign * case when p_night then 0 else r.win_count end,
      s.sign * case when p_night then 0 else r.win_minor end,
      s.sign * case when p_night then 0 else r.refund_count end,
      s.sign * case when p_night then r.night_refund_minor else r.refund_minor end,
      s.sign * case when p_night then 0 else r.deposit_count end,
      s.sign * case when p_night then 0 else r.deposit_minor end,
      s.sign * case when p_night then 0 else r.withdrawal_count end,
      s.sign * case when p_night then 0 else r.withdrawal_minor end
    from api.rollup_day as r
    -- Days of the period outside of the months, and days of the months outside of the period.
    cross join lateral (
      select case when r.day < scan_first or r.day > scan_last then -1 else 1 end as sign
    ) as s
    where (
        r.day >= least(scan_first, month_from) and r.day < greatest(scan_first, month_from)
        or r.day >= least(scan_last + 1, month_until) and r.day < greatest(scan_last + 1, month_until)
      )
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or r.licence_id = any (p_licences))
  ),
  keyed as (
    select
      api.report_key(
        p_by[1], d.day, null, f.operator_id, f.gambling_type_id, f.licence_id, 0, 0::smallint, 0::smallint, 0, 0
      ) as key_1,
      api.report_key(
        p_by[2], d.day, null, f.operator_id, f.gambling_type_id, f.licence_id, 0, 0::smallint, 0::smallint, 0, 0
      ) as key_2,
      api.report_key(
        p_by[3], d.day, null, f.operator_id, f.gambling_type_id, f.licence_id, 0, 0::smallint, 0::smallint, 0, 0
      ) as key_3,
      f.bet_count, f.bet_minor,
      f.win_count, f.win_minor,
      f.refund_count, f.refund_minor,
      f.deposit_count, f.deposit_minor,
      f.withdrawal_count, f.withdrawal_minor
    from fact as f
    cross join lateral (
      select case when not earlier then f.day
        when whole_days then least(greatest(f.day, scan_first), scan_last) + shift_days
        else (f.day + shift)::date end as day
    ) as d
    where not earlier or whole_days or d.day >= p_first and d.day <= p_last
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
  where cardinality(p_by) > 0 and (not earlier or (
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
comment on function api.day_flows(
  date, date, text[], integer[], smallint[], integer[], smallint, text, boolean
) is 'Counts and sums by type of what days and months hold up to now, by up to three keys, with their total.';
