create or replace procedure maintenance.check_rollups(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: figures of yesterday and of days that were missed (Europe/Kyiv) against raw rows, a day in
-- each transaction; every difference is an alarm. No SET clause: it would forbid COMMIT.
declare
  one_day date;
begin
  p_rows := 0;
  for one_day in select u.day from maintenance.unchecked_days() as u (day) loop
    p_rows := p_rows + maintenance.check_day(p_run, one_day);
    commit;
    exit when maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.check_rollups(bigint, bigint) is -- noqa: LT01
  'Job: recomputes the figures of yesterday and of days missed; differences are findings.';
