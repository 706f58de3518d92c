create or replace procedure maintenance.clear_notices(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: what nobody looks at any more. No SET clause: it would forbid COMMIT.
declare
  cleared bigint;
begin
  p_rows := 0;
  loop
    cleared := maintenance.clear_some_notices();
    p_rows := p_rows + cleared;
    commit;
    exit when cleared = 0 or maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.clear_notices(bigint, bigint) is -- noqa: LT01
  'Job: forgets old notices, mail and deliveries.';
