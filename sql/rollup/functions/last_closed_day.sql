create or replace function rollup.last_closed_day() returns date
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- The last day of Kyiv of which everything is counted that arrived before it closed; null when there
-- is none yet.
declare
  counted constant timestamptz := (select p.counted_until from rollup.player_progress as p);
  last_day date;
begin
  if not isfinite(counted) then
    return null;
  end if;
  last_day := (counted at time zone 'Europe/Kyiv')::date - 1;
  while rollup.player_day_closes(last_day) > counted loop
    last_day := last_day - 1;
  end loop;
  return last_day;
end
$body$;
comment on function rollup.last_closed_day() is
  'The last day (Europe/Kyiv) whose accounts are closed and counted.';
