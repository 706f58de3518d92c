create or replace function maintenance.unchecked_days() returns setof date
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  -- A run checks up to the day before its own: what follows it is not checked yet.
  select d.day::date
  from (
    select
      (clock_timestamp() at time zone 'Europe/Kyiv')::date - 1 as yesterday,
      (
        select max((r.started_at at time zone 'Europe/Kyiv')::date) from maintenance.run as r
        where r.job = 'check_rollups' and r.outcome in ('done', 'alarm')
      ) as checked_on
  ) as c
  cross join lateral generate_series(
    greatest(c.yesterday - 30, least(c.yesterday, coalesce(c.checked_on, c.yesterday))),
    c.yesterday, interval '1 day'
  ) as d (day)
  order by d.day;
end;
alter function maintenance.unchecked_days() owner to dozir_writer;
comment on function maintenance.unchecked_days() is
  'Yesterday (Europe/Kyiv) and the days before it, 30 at most, since check_rollups last ended.';
