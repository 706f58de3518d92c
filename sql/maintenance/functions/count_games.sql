create or replace procedure maintenance.count_games(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: days of games, of the hours of arrival that are over. No SET clause: it would forbid COMMIT.
begin
  p_rows := coalesce(maintenance.count_some_games(), 0);
  commit;
end
$body$;
comment on procedure maintenance.count_games(bigint, bigint) is -- noqa: LT01
  'Job: brings the days of games up to date once an hour of arrival is over.';
