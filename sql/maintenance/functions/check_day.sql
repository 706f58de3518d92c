create or replace function maintenance.check_day(p_run bigint, p_day date) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Compares the figures of one day of Europe/Kyiv with the raw rows, and accounts of players with them
-- and their counters; and the rounds of the day before, as the day's own are counted when this has been.
-- The first differences become findings of the run. Returns how many there are.
declare
  difference record;
  differences bigint := 0::bigint;
  noted bigint := (select count(*) from maintenance.finding as f where f.run_id = p_run);
begin
  for difference in
    select c.* from report.check_rollups(
      p_day::timestamp at time zone 'Europe/Kyiv', (p_day + 1)::timestamp at time zone 'Europe/Kyiv'
    ) as c
    union all
    select c.* from report.check_players(
      p_day::timestamp at time zone 'Europe/Kyiv', (p_day + 1)::timestamp at time zone 'Europe/Kyiv'
    ) as c
    union all
    select c.* from report.check_rounds(
      (p_day - 1)::timestamp at time zone 'Europe/Kyiv', p_day::timestamp at time zone 'Europe/Kyiv'
    ) as c
  loop
    differences := differences + 1;
    if noted + differences <= 100 then
      insert into maintenance.finding (run_id, object, found, detail) values (
        p_run, difference.object, 'stored figures differ from the raw rows', jsonb_build_object(
          'key', difference.key, 'stored', difference.stored, 'recomputed', difference.recomputed)
      );
    end if;
  end loop;
  return differences;
end
$body$;
alter function maintenance.check_day(bigint, date) owner to dozir_writer;
comment on function maintenance.check_day(bigint, date) is
  'Checks one day''s figures against raw rows and notes each difference as a finding.';
