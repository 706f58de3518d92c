create or replace procedure maintenance.measure_open_bets(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: what stood open as months began, one operator and month in each transaction.
declare
  done integer;
begin
  p_rows := 0;
  loop
    exit when maintenance.stop_asked(p_run);
    done := maintenance.measure_next_open_bets();
    commit;
    exit when done is null;
    p_rows := p_rows + done;
  end loop;
end
$body$;
comment on procedure maintenance.measure_open_bets(bigint, bigint) is -- noqa: LT01
  'Job: bets without a result as each month began, for the bridge between cash and settlement GGR.';
