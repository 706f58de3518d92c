create or replace procedure maintenance.apply_retention(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: drops days beyond the horizon, one in each transaction. No SET clause: it would forbid COMMIT.
begin
  p_rows := 0;
  while maintenance.drop_oldest_day() loop
    p_rows := p_rows + 1;
    commit;
    exit when maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.apply_retention(bigint, bigint) is -- noqa: LT01
  'Job: drops days of the ledger older than maintenance.setting.keep_days; none while that is null.';
