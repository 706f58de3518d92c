create or replace procedure maintenance.count_players(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: accounts of the batches that are new, 200,000 rows in each transaction. No SET clause: it would
-- forbid COMMIT.
declare
  counted bigint;
begin
  p_rows := 0;
  loop
    counted := maintenance.count_some_players(200000);
    commit;
    exit when counted is null;
    p_rows := p_rows + counted;
    exit when maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.count_players(bigint, bigint) is -- noqa: LT01
  'Job: counts players'' accounts of the batches that are new; each minute.';
