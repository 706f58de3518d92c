create or replace function maintenance.count_some_arrivals(p_until timestamptz default null) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Adds to rollup.arrival_day the next hours of arrival that are over, of one day at most; how many rows of
-- hours they were, null when there is no such hour. What arrived in an hour that is over never changes.
-- p_until is for tests: the caller then vouches that nothing arrives before it any more.
declare
  -- A batch belongs to the hour in which its transaction began: none that is open may be older.
  over constant timestamptz :=
    date_bin('1 hour', coalesce(p_until, api.report_watermark()), '2000-01-01T00:00:00Z');
  from_hour timestamptz;
  until_hour timestamptz;
  that_day date;
  counted bigint;
begin
  lock table rollup.arrival_progress in share row exclusive mode;
  select p.counted_until into from_hour from rollup.arrival_progress as p;
  if from_hour >= over then
    return null;
  end if;
  that_day := (from_hour at time zone 'Europe/Kyiv')::date;
  until_hour := least(over, (that_day + 1)::timestamp at time zone 'Europe/Kyiv');
  with hours as materialized (
    select
      i.operator_id, i.shard, i.access_key_id, i.hour, i.batch_count, i.row_count, i.refusal_count, i.late_count,
      i.lag_histogram, i.last_at, i.minute_rows
    from rollup.ingest_hour as i where i.hour >= from_hour and i.hour < until_hour
  ),
  peaks as materialized (
    select m.operator_id, m.access_key_id, m.shard, max(m.rows) as rows
    from (
      select
        coalesce(x.operator_id, 0) as operator_id, coalesce(x.access_key_id, 0) as access_key_id, x.shard,
        sum(u.rows) as rows
      from hours as x
      cross join lateral unnest(x.minute_rows) with ordinality as u (rows, minute)
      group by grouping sets ((x.shard, x.hour, u.minute, x.operator_id, x.access_key_id),
        (x.shard, x.hour, u.minute, x.operator_id), (x.shard, x.hour, u.minute))
    ) as m
    group by m.operator_id, m.access_key_id, m.shard
  ),
  summed as materialized (
    select
      coalesce(x.operator_id, 0) as operator_id, coalesce(x.access_key_id, 0) as access_key_id, x.shard,
      sum(x.batch_count) as batches, sum(x.row_count) as rows, sum(x.refusal_count) as refusals,
      sum(x.late_count) as late, max(x.last_at) as last_at, count(*) as hours
    from hours as x
    group by grouping sets ((x.shard, x.operator_id, x.access_key_id), (x.shard, x.operator_id), (x.shard))
  ),
  lags as materialized (
    select b.operator_id, b.access_key_id, b.shard, array_agg(b.many order by b.place) as lags
    from (
      select
        coalesce(x.operator_id, 0) as operator_id, coalesce(x.access_key_id, 0) as access_key_id, x.shard, u.place,
        sum(u.many)::bigint as many
      from hours as x
      cross join lateral unnest(x.lag_histogram) with ordinality as u (many, place)
      group by grouping sets ((x.shard, u.place, x.operator_id, x.access_key_id), (x.shard, u.place, x.operator_id),
        (x.shard, u.place))
    ) as b
    group by b.operator_id, b.access_key_id, b.shard
  ),
  taken_back as materialized (
    select
      coalesce(b.operator_id, 0) as operator_id, coalesce(b.access_key_id, 0) as access_key_id,
      sum((select sum(t.cancelled_count) from unnest(b.totals) as t))::bigint as corrections
    from ledger.batch as b
    where b.received_at >= from_hour and b.received_at < until_hour
    group by grouping sets ((b.operator_id, b.access_key_id), (b.operator_id), ())
  ),
  stored as (
    insert into rollup.arrival_day as d (
      operator_id, shard, access_key_id, day, batch_count, row_count, refusal_count, late_count,
      on_time_count, correction_count, peak_row_count, lag_histogram, last_at
    )
    select
      s.operator_id, s.shard, s.access_key_id, that_day, s.batches, s.rows, s.refusals, s.late,
      coalesce((select sum(u.many) from unnest(l.lags[1:64]) as u (many)), 0), coalesce(t.corrections, 0),
      coalesce(p.rows, 0), coalesce(l.lags, '{}'), s.last_at
    from summed as s
    left join peaks as p using (operator_id, access_key_id, shard)
    left join lags as l using (operator_id, access_key_id, shard)
    left join taken_back as t using (operator_id, access_key_id)
    order by s.operator_id, s.access_key_id
    on conflict (day, operator_id, access_key_id, shard) do update set
      batch_count = d.batch_count + excluded.batch_count,
      row_count = d.row_count + excluded.row_count,
      refusal_count = d.refusal_count + excluded.refusal_count,
      late_count = d.late_count + excluded.late_count,
      on_time_count = d.on_time_count + excluded.on_time_count,
      correction_count = d.correction_count + excluded.correction_count,
      peak_row_count = greatest(d.peak_row_count, excluded.peak_row_count),
      lag_histogram = rollup.add_histograms(d.lag_histogram, excluded.lag_histogram),
      last_at = greatest(d.last_at, excluded.last_at)
  )
  select count(*) into counted from hours;
  update rollup.arrival_progress set counted_until = until_hour;
  return counted;
end
$body$;
alter function maintenance.count_some_arrivals(timestamptz) owner to dozir_writer;
comment on function maintenance.count_some_arrivals(timestamptz) is
  'Adds hours of arrival that are over to their day; how many rows of hours, null when there is none.';
