create or replace function api.report_r01(
  p_first date, p_last date, p_by text[] default '{operator}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], row_count bigint, batch_count bigint, refused_batch_count bigint,
    refused_batch_percent numeric, refused_row_count bigint, valid_percent numeric, rows_per_s numeric,
    peak_rows_per_s numeric, lag_p50_ms bigint, lag_p95_ms bigint, lag_p99_ms bigint, late_count bigint,
    late_percent numeric, last_at timestamptz,
    request_count bigint, replay_count bigint, fault_count bigint, availability_percent numeric
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- R01 How transactions arrive: by the hour of arrival, not of the event. Lag quantiles are upper bounds of
-- buckets a fifth wide (see ledger.batch.lag_histogram). The mean rate is over the time of the period that
-- has passed (not told of days and hours), the peak over the busiest minute of arrival of what a row holds
-- together. As of a moment: hours before its hour, and that hour's batches and refusals. Rows of refused
-- batches are no part of any rollup and are summed up from the refusals themselves, by hour, as there are
-- few. Requests of the API are told of the same time, as of a moment only of
-- a period that had ended by then, as they are counted by hour alone; by operation and by code of the
-- error they alone are, beside refusals of each code. The parameters are those of every report; see
-- docs/reports.md.
declare
  -- What only requests are grouped by.
  of_requests constant boolean := coalesce(p_by && array['endpoint', 'error_code'], false);
  -- Refusals have a code, and belong to no one operation.
  of_codes constant boolean := of_requests and not 'endpoint' = any (p_by);
  moment_from constant timestamptz := p_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
  until_hour constant timestamptz :=
    coalesce(date_bin('1 hour', p_as_of, '2000-01-01T00:00:00Z'), 'infinity');
  time_at constant integer := api.report_time_dimension(p_by);
  -- Days of arrival are made of hours that are over; they serve officials who ask of all and not by the hour, at the
  -- level that is asked for: keys, operators (key 0) or all (operator 0).
  by_days constant boolean := p_operators is null and not coalesce('hour' = any (p_by), false)
    and nullif(current_setting('dozir.operator_id', true), '') is null;
  -- No operator and no key tells groups apart: they are made of all.
  of_all constant boolean := not coalesce(p_by && array['operator', 'access_key'], false);
  -- Days before that of a moment in the past.
  last_whole constant date := case when p_as_of is null then p_last
    else least(p_last, (p_as_of at time zone 'Europe/Kyiv')::date - 1) end;
  hours_from constant timestamptz := case when by_days then greatest(moment_from, least(
    (select p.counted_until from api.arrival_progress as p),
    (last_whole + 1)::timestamp at time zone 'Europe/Kyiv')) else moment_from end;
  -- Workers hand over what they counted within seconds: of an hour that is over nothing comes any more.
  of_requests_told constant boolean := p_as_of is null or moment_until <= p_as_of - interval '1 minute';
  -- Of the period what has passed.
  seconds constant numeric := greatest(0, extract(epoch from
    least(moment_until, coalesce(p_as_of, statement_timestamp())) - moment_from));
begin
  perform api.report_check(
    'R01', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with arrived as (
    select
      i.operator_id, i.access_key_id, i.hour, i.row_count as rows, i.batch_count as batches,
      i.refusal_count as refusals, i.late_count as late, i.lag_histogram as lags, i.last_at as last_one,
      0::bigint as refused_rows, i.minute_rows as minutes
    from api.ingest_hour as i
    where not of_requests and i.hour >= hours_from and i.hour < least(moment_until, until_hour)
      and (p_operators is null or i.operator_id = any (p_operators))
    union all
    select
      b.operator_id, b.access_key_id, until_hour, b.row_count::bigint, 1, 0, b.late_count::bigint,
      b.lag_histogram::bigint[], b.received_at, 0, api.minute_rows(b.received_at, b.row_count)
    from api.batch as b
    where not of_requests and p_as_of is not null and b.received_at >= greatest(moment_from, until_hour)
      and b.received_at < moment_until and b.received_at <= p_as_of
      and (p_operators is null or b.operator_id = any (p_operators))
    union all
    select r.operator_id, r.access_key_id, until_hour, 0, 0, 1, 0, '{}', r.refused_at, coalesce(r.row_count, 0),
      '{}'
    from api.refusal as r
    where not of_requests and p_as_of is not null and r.refused_at >= greatest(moment_from, until_hour)
      and r.refused_at < moment_until and r.refused_at <= p_as_of
      and (p_operators is null or r.operator_id = any (p_operators))
    union all
    -- Of the hours before: they count refusals above, and here their rows.
    select
      r.operator_id, r.access_key_id, date_bin('1 hour', r.refused_at, '2000-01-01T00:00:00Z') as hour, 0, 0, 0,
      0, '{}', null, sum(r.row_count), '{}'
    from api.refusal as r
    where not of_requests and r.refused_at >= moment_from and r.refused_at < least(moment_until, until_hour)
      and r.row_count is not null and (p_operators is null or r.operator_id = any (p_operators))
    group by r.operator_id, r.access_key_id, date_bin('1 hour', r.refused_at, '2000-01-01T00:00:00Z')
  ),
  keyed as materialized (
    select
      case p_by[1] when 'access_key' then a.access_key_id else api.report_key(
        p_by[1], (a.hour at time zone 'Europe/Kyiv')::date, a.hour, a.operator_id, null, null, null, null,
        null, null, null) end as key_1,
      case p_by[2] when 'access_key' then a.access_key_id else api.report_key(
        p_by[2], (a.hour at time zone 'Europe/Kyiv')::date, a.hour, a.operator_id, null, null, null, null,
        null, null, null) end as key_2,
      case p_by[3] when 'access_key' then a.access_key_id else api.report_key(
        p_by[3], (a.hour at time zone 'Europe/Kyiv')::date, a.hour, a.operator_id, null, null, null, null,
        null, null, null) end as key_3, a.*
    from arrived as a
  ),
  -- Days of groups and, at the level of all, of the total; their peak is that of their busiest minute.
  days as materialized (
    select
      d.operator_id = 0 and not of_all as is_total,
      case p_by[1] when 'access_key' then d.access_key_id else api.report_key(
        p_by[1], d.day, null, d.operator_id, null, null, null, null, null, null, null) end as key_1,
      case p_by[2] when 'access_key' then d.access_key_id else api.report_key(
        p_by[2], d.day, null, d.operator_id, null, null, null, null, null, null, null) end as key_2,
      case p_by[3] when 'access_key' then d.access_key_id else api.report_key(
        p_by[3], d.day, null, d.operator_id, null, null, null, null, null, null, null) end as key_3,
      d.row_count as rows, d.batch_count as batches, d.refusal_count as refusals, d.late_count as late,
      d.peak_row_count as peak, d.lag_histogram as lags, d.last_at as last_one
    from api.arrival_day as d
    where by_days and not of_requests and d.day >= p_first and d.day <= last_whole and (
      d.operator_id = 0
      or not of_all and (d.access_key_id <> 0) = coalesce('access_key' = any (p_by), false))
  ),
  hourly as (
    select
      k.key_1, k.key_2, k.key_3, k.hour, sum(k.rows) as rows, sum(k.batches) as batches,
      sum(k.refusals) as refusals, sum(k.refused_rows) as refused_rows, sum(k.late) as late,
      max(k.last_one) as last_one, api.total_histogram(k.minutes) as minutes
    from keyed as k group by k.key_1, k.key_2, k.key_3, k.hour
  ),
  summed as (
    select
      false as is_total, h.key_1, h.key_2, h.key_3, sum(h.rows)::bigint as rows,
      sum(h.batches)::bigint as batches, sum(h.refusals)::bigint as refusals,
      sum(h.refused_rows)::bigint as refused_rows, sum(h.late)::bigint as late, max(h.peak) as peak,
      max(h.last_one) as last_one
    from (
      select
        o.key_1, o.key_2, o.key_3, o.rows, o.batches, o.refusals, o.refused_rows, o.late,
        coalesce((select max(u.rows) from unnest(o.minutes) as u (rows)), 0) as peak, o.last_one
      from hourly as o
      union all
      select
        d.key_1, d.key_2, d.key_3, d.rows, d.batches, d.refusals, 0, d.late, d.peak, d.last_one
      from days as d where not d.is_total
    ) as h
    where cardinality(p_by) > 0 group by h.key_1, h.key_2, h.key_3
    union all
    select
      true, -1, -1, -1, coalesce(sum(t.rows), 0)::bigint, coalesce(sum(t.batches), 0)::bigint,
      coalesce(sum(t.refusals), 0)::bigint, coalesce(sum(t.refused_rows), 0)::bigint,
      coalesce(sum(t.late), 0)::bigint, max(t.peak), max(t.last_one)
    from (
      select
        sum(h.rows) as rows, sum(h.batches) as batches, sum(h.refusals) as refusals,
        sum(h.refused_rows) as refused_rows, sum(h.late) as late, coalesce((
          select max(u.rows) from unnest(api.total_histogram(h.minutes)) as u (rows)), 0) as peak,
        max(h.last_one) as last_one
      from hourly as h group by h.hour
      union all
      select d.rows, d.batches, d.refusals, 0, d.late, d.peak, d.last_one
      from days as d where d.is_total or of_all
    ) as t
  ),
  -- What of each row, and of the total, is told of lag.
  lags as (
    select
      l.is_total, l.key_1, l.key_2, l.key_3,
      api.lag_quantiles(api.total_histogram(l.lags), api.total(l.rows)) as bounds
    from (
      select false as is_total, k.key_1, k.key_2, k.key_3, k.lags, k.rows from keyed as k where cardinality(p_by) > 0
      union all
      select true, -1, -1, -1, k.lags, k.rows from keyed as k
      union all
      select false, d.key_1, d.key_2, d.key_3, d.lags, d.rows
      from days as d where cardinality(p_by) > 0 and not d.is_total
      union all
      select true, -1, -1, -1, d.lags, d.rows from days as d where d.is_total or of_all
    ) as l
    group by l.is_total, l.key_1, l.key_2, l.key_3
  ),
  told as (
    select
      s.is_total, api.report_keys(p_by, s.is_total, s.key_1, s.key_2, s.key_3) as row_keys,
      s.rows, s.batches, s.refusals, s.refused_rows, s.late, s.peak, s.last_one, q.bounds[1] as p50, q.bounds[2] as p95, q.bounds[3] as p99
    from summed as s
    left join lags as q on q.is_total = s.is_total and q.key_1 = s.key_1 and q.key_2 = s.key_2
      and q.key_3 = s.key_3
    where not of_requests
  ),
  -- Requests of each key, and by code refusals: what an hour is made of where hours are asked for, else days.
  asked as (
    select
      r.operator_id, r.access_key_id, r.day, r.hour, r.endpoint,
      case when r.outcome in ('accepted', 'replayed') then 'ok' else r.outcome end as code,
      r.request_count as requests, case when r.outcome = 'replayed' then r.request_count else 0 end as replays,
      r.fault_count as faults, 0::bigint as refusals, 0::bigint as refused_rows
    from (
      -- Added up as they are read: of three months they take as long as all else.
      select
        case when not of_all then d.operator_id end as operator_id,
        case when not of_all then d.access_key_id end as access_key_id, d.day, null::timestamptz as hour,
        case when of_requests then d.endpoint end as endpoint, d.outcome,
        api.total(d.request_count) as request_count, api.total(d.fault_count) as fault_count
      from api.request_day as d
      where of_requests_told and not coalesce('hour' = any (p_by), false)
        and d.day >= p_first and d.day <= p_last and (p_operators is null or d.operator_id = any (p_operators))
      group by 1, 2, 3, 5, 6
      union all
      select
        h.operator_id, h.access_key_id, (h.hour at time zone 'Europe/Kyiv')::date, h.hour, h.endpoint, h.outcome,
        h.request_count, h.fault_count
      from api.request_hour as h
      where of_requests_told and 'hour' = any (p_by) and h.hour >= moment_from and h.hour < moment_until
        and (p_operators is null or h.operator_id = any (p_operators))
    ) as r
    union all
    select
      r.operator_id, r.access_key_id, (r.refused_at at time zone 'Europe/Kyiv')::date,
      date_bin('1 hour', r.refused_at, '2000-01-01T00:00:00Z'), '', r.code, 0, 0, 0, 1,
      coalesce(r.row_count, 0)::bigint
    from api.refusal as r
    where of_codes and r.refused_at >= moment_from and r.refused_at < moment_until
      and (p_as_of is null or r.refused_at <= p_as_of)
      and (p_operators is null or r.operator_id = any (p_operators))
  ),
  -- Summed up under numbers first: text is made once for each row of the answer.
  numbered as (
    select
      api.report_key(p_by[1], a.day, a.hour, a.operator_id, null, null, null, null, null, null, null) as key_1,
      api.report_key(p_by[2], a.day, a.hour, a.operator_id, null, null, null, null, null, null, null) as key_2,
      api.report_key(p_by[3], a.day, a.hour, a.operator_id, null, null, null, null, null, null, null) as key_3,
      case when 'access_key' = any (p_by) then a.access_key_id end as access_key,
      case when 'endpoint' = any (p_by) then a.endpoint end as endpoint,
      case when 'error_code' = any (p_by) then a.code end as code,
      api.total(a.requests) as requests, api.total(a.replays) as replays, api.total(a.faults) as faults,
      api.total(a.refusals) as refusals, api.total(a.refused_rows) as refused_rows
    from asked as a
    group by 1, 2, 3, 4, 5, 6
  ),
  answered as (
    select
      false as is_total,
      (array[
        case p_by[1] when 'access_key' then n.access_key::text when 'endpoint' then n.endpoint
          when 'error_code' then n.code else api.report_key_text(p_by[1], n.key_1) end,
        case p_by[2] when 'access_key' then n.access_key::text when 'endpoint' then n.endpoint
          when 'error_code' then n.code else api.report_key_text(p_by[2], n.key_2) end,
        case p_by[3] when 'access_key' then n.access_key::text when 'endpoint' then n.endpoint
          when 'error_code' then n.code else api.report_key_text(p_by[3], n.key_3) end
      ])[1:cardinality(p_by)] as row_keys,
      n.requests, n.replays, n.faults, n.refusals, n.refused_rows
    from numbered as n
    where cardinality(p_by) > 0
    union all
    select
      true, null, coalesce(api.total(n.requests), 0), coalesce(api.total(n.replays), 0),
      coalesce(api.total(n.faults), 0), coalesce(api.total(n.refusals), 0), coalesce(api.total(n.refused_rows), 0)
    from numbered as n
  ),
  joined as (
    select
      coalesce(t.is_total, a.is_total) as is_total, coalesce(t.row_keys, a.row_keys) as row_keys,
      case when of_codes then a.refusals when not of_requests then coalesce(t.refusals, 0) end as refusals,
      case when of_codes then a.refused_rows when not of_requests then coalesce(t.refused_rows, 0) end
        as refused_rows,
      case when not of_requests then coalesce(t.rows, 0) end as rows,
      case when not of_requests then coalesce(t.batches, 0) end as batches,
      case when not of_requests then coalesce(t.late, 0) end as late,
      t.peak, t.p50, t.p95, t.p99, t.last_one,
      case when of_requests_told then coalesce(a.requests, 0) end as requests,
      case when of_requests_told then coalesce(a.replays, 0) end as replays,
      case when of_requests_told then coalesce(a.faults, 0) end as faults
    from told as t
    full join answered as a
      on a.is_total = t.is_total and coalesce(a.row_keys, '{}') = coalesce(t.row_keys, '{}')
  )
  select
    j.is_total, j.row_keys, j.rows, j.batches, j.refusals::bigint,
    api.percent(j.refusals::bigint, j.batches + j.refusals::bigint), j.refused_rows::bigint,
    api.percent(j.rows, j.rows + j.refused_rows::bigint),
    case when j.is_total or time_at is null then round(j.rows / nullif(seconds, 0), 2) end,
    round(j.peak / 60.0, 2), j.p50, j.p95, j.p99, j.late, api.percent(j.late, j.rows), j.last_one,
    j.requests::bigint, j.replays::bigint, j.faults::bigint,
    api.percent((j.requests - j.faults)::bigint, j.requests::bigint)
  from joined as j
  order by j.is_total, j.row_keys;
end
$body$;
comment on function api.report_r01(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'How transactions arrive: rows, batches, refusals, rates, lag, late rows, requests of the API.';
