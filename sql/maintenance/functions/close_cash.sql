create or replace procedure maintenance.close_cash(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: deposits and withdrawals of days that have closed, by amount, a day in each transaction. After five
-- minutes it lets other jobs have their turn. No SET clause: it would forbid COMMIT.
declare
  started constant timestamptz := clock_timestamp();
begin
  p_rows := 0;
  while maintenance.close_some_cash() loop
    p_rows := p_rows + 1;
    commit;
    exit when maintenance.stop_asked(p_run)
      or clock_timestamp() > started + interval '5 minutes';
  end loop;
end
$body$;
comment on procedure maintenance.close_cash(bigint, bigint) is -- noqa: LT01
  'Job: counts deposits and withdrawals by amount when a day has closed.';
