create or replace procedure maintenance.check_drift(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: every object that differs from what the last `dozir migrate` left behind is an alarm.
begin
  p_rows := maintenance.note_drift(p_run);
end
$body$;
comment on procedure maintenance.check_drift(bigint, bigint) is -- noqa: LT01
  'Job: compares the catalogue with the record of the last migrate; differences are findings.';
