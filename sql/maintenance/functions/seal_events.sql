create or replace procedure maintenance.seal_events(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: what was noted since the last run, 1,000 in each transaction. No SET clause: it would forbid
-- COMMIT.
declare
  sealed bigint;
begin
  p_rows := 0;
  loop
    sealed := maintenance.seal_some_events();
    commit;
    p_rows := p_rows + sealed;
    exit when sealed < 1000 or maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.seal_events(bigint, bigint) is -- noqa: LT01
  'Job: enters the events of the trail into the log; each minute.';
