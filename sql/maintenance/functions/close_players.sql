create or replace procedure maintenance.close_players(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: shares, losses and cohorts of accounts, of the periods that a closed day has changed, one in
-- each transaction. After five minutes it lets other jobs have their turn: years that come in at once
-- take long. No SET clause: it would forbid COMMIT.
declare
  started constant timestamptz := clock_timestamp();
begin
  p_rows := 0;
  while maintenance.close_some_players() loop
    p_rows := p_rows + 1;
    commit;
    exit when maintenance.stop_asked(p_run)
      or clock_timestamp() > started + interval '5 minutes';
  end loop;
end
$body$;
comment on procedure maintenance.close_players(bigint, bigint) is -- noqa: LT01
  'Job: makes the spread over players'' accounts when a day has closed.';
