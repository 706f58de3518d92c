create or replace procedure maintenance.count_games(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: days of games, of the hours of arrival that are over. No SET clause: it would forbid COMMIT.
declare
  counted bigint;
begin
  p_rows := 0;
  loop
    counted := maintenance.count_some_games();
    commit;
    exit when counted is null;
    p_rows := p_rows + counted;
    exit when maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.count_games(bigint, bigint) is -- noqa: LT01
  'Job: brings the days of games up to date once an hour of arrival is over.';
