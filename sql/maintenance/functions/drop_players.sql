create or replace procedure maintenance.drop_players(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: accounts of days beyond the horizon go, some in each transaction; their counts stay. No SET
-- clause: it would forbid COMMIT.
declare
  dropped bigint;
begin
  p_rows := 0;
  loop
    dropped := maintenance.drop_some_players();
    p_rows := p_rows + dropped;
    commit;
    exit when dropped = 0 or maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.drop_players(bigint, bigint) is -- noqa: LT01
  'Job: drops rows of players'' accounts older than maintenance.setting.keep_player_months.';
