create or replace procedure maintenance.clear_sessions(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: deletes sessions that ended long ago. No SET clause: it would forbid COMMIT.
declare
  cleared bigint;
begin
  p_rows := 0;
  loop
    cleared := maintenance.clear_some_sessions();
    p_rows := p_rows + cleared;
    commit;
    exit when cleared = 0 or maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.clear_sessions(bigint, bigint) is -- noqa: LT01
  'Job: deletes sessions of the portal that ended long ago.';
