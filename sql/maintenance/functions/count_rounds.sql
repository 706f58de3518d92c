create or replace procedure maintenance.count_rounds(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: rounds of days that have closed or got something late, one day in each transaction. After five
-- minutes it lets other jobs have their turn. No SET clause: it would forbid COMMIT.
declare
  started constant timestamptz := clock_timestamp();
  counted bigint;
begin
  p_rows := 0;
  loop
    counted := maintenance.count_some_rounds();
    commit;
    exit when counted is null;
    p_rows := p_rows + counted;
    exit when maintenance.stop_asked(p_run)
      or clock_timestamp() > started + interval '5 minutes';
  end loop;
end
$body$;
comment on procedure maintenance.count_rounds(bigint, bigint) is -- noqa: LT01
  'Job: joins payouts to their bets once a day has closed.';
