create or replace procedure maintenance.verify_ledger(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: the runner has `dozir verify --record` look through the whole ledger first; what it found is
-- an alarm.
begin
  p_rows := maintenance.note_verification(p_run);
end
$body$;
comment on procedure maintenance.verify_ledger(bigint, bigint) is -- noqa: LT01
  'Job: holds rows to entries, entries to the log and the log to its signatures; each night.';
