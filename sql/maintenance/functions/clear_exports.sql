create or replace procedure maintenance.clear_exports(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: what has expired. No SET clause: it would forbid COMMIT.
declare
  cleared bigint;
begin
  p_rows := 0;
  loop
    cleared := maintenance.clear_some_exports();
    p_rows := p_rows + cleared;
    commit;
    exit when cleared = 0 or maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.clear_exports(bigint, bigint) is -- noqa: LT01
  'Job: expires files of exports; forgets old requests for them and removed views.';
