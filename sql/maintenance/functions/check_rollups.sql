create or replace procedure maintenance.check_rollups(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: yesterday's figures (Europe/Kyiv) against raw rows; every difference is an alarm.
begin
  p_rows := maintenance.check_day(
    p_run, (clock_timestamp() at time zone 'Europe/Kyiv')::date - 1);
end
$body$;
comment on procedure maintenance.check_rollups(bigint, bigint) is -- noqa: LT01
  'Job: recomputes yesterday''s figures from raw rows; differences are findings.';
