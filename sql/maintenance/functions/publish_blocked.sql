create or replace procedure maintenance.publish_blocked(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: what comes into the list of blocked addresses or leaves it by time alone. No SET clause: it would
-- forbid COMMIT.
begin
  p_rows := case when maintenance.stop_asked(p_run) then 0 else maintenance.publish_some_blocked() end;
  commit;
end
$body$;
comment on procedure maintenance.publish_blocked(bigint, bigint) is -- noqa: LT01
  'Job: blocked addresses whose time came or is over enter the feed of changes; each minute.';
