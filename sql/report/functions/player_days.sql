create or replace function report.player_days(p_from timestamptz, p_until timestamptz)
  returns setof date
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- The days of Europe/Kyiv of a period, widened to whole days, of which both the raw rows and the
-- accounts are kept; of an unbounded period those between the first and the last that there are.
declare
  horizon constant timestamptz := (
    select coalesce(max(a.archived_until), '-infinity') from ledger.archive as a
  );
  kept_from constant date := (select p.kept_from from rollup.player_progress as p);
  first_moment timestamptz := p_from;
  last_moment timestamptz := p_until - interval '1 microsecond';
  first_day date;
begin
  if not isfinite(first_moment) then
    first_moment := (select min(b.occurred_from) from ledger.batch as b);
  end if;
  if not isfinite(last_moment) then
    last_moment := greatest(
      (select max(b.occurred_until) from ledger.batch as b),
      (select max(d.day)::timestamp from rollup.player_day as d) at time zone 'Europe/Kyiv');
  end if;
  first_day := (first_moment at time zone 'Europe/Kyiv')::date;
  if horizon > first_day::timestamp at time zone 'Europe/Kyiv' then
    first_day := (horizon at time zone 'Europe/Kyiv')::date + 1;
  end if;
  return query
  select d.day::date
  from generate_series(
    greatest(first_day, kept_from)::timestamp, last_moment at time zone 'Europe/Kyiv',
    interval '1 day'
  ) as d (day);
end
$body$;
comment on function report.player_days(timestamptz, timestamptz) is
  'The days of a period whose accounts can be recounted from raw rows.';
