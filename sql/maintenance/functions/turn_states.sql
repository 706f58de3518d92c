create or replace procedure maintenance.turn_states(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Licences that expire, periods that begin or end: states that time alone changes. A step takes 1,000
-- records; the record itself is not written, so that ingest, which goes by periods, notices nothing.
declare
  done integer := 0;
begin
  loop
    exit when maintenance.stop_asked(p_run);
    done := maintenance.turn_some_states(1000);
    p_rows := coalesce(p_rows, 0) + done;
    commit;
    exit when done < 1000;
  end loop;
end
$body$;
comment on procedure maintenance.turn_states(bigint, bigint) is -- noqa: LT01
  'Job: states of registered records that time alone has changed.';
