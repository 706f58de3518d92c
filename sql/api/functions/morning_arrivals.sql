create or replace function api.morning_arrivals(p_first date, p_last date)
  returns table (
    day date, batch_count bigint, row_count bigint, refusal_count bigint, late_count bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- One row for each day of arrival in Europe/Kyiv, both ends included, of all that the caller sees; also
-- for a day on which nothing came.
declare
  moment_from constant timestamptz := p_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
begin
  return query
  with arrived as (
    select
      i.hour, sum(i.batch_count) as batches, sum(i.row_count) as rows, sum(i.refusal_count) as refusals,
      sum(i.late_count) as late
    from api.ingest_hour as i
    where i.hour >= moment_from and i.hour < moment_until
    group by i.hour
  )
  select
    g.day::date, coalesce(sum(a.batches), 0)::bigint, coalesce(sum(a.rows), 0)::bigint,
    coalesce(sum(a.refusals), 0)::bigint, coalesce(sum(a.late), 0)::bigint
  from generate_series(p_first::timestamp, p_last::timestamp, interval '1 day') as g (day)
  left join arrived as a on (a.hour at time zone 'Europe/Kyiv')::date = g.day::date
  group by g.day
  order by g.day;
end
$body$;
comment on function api.morning_arrivals(date, date) is
  'Batches, their rows, refusals and late rows by day of arrival, for the start page.';
