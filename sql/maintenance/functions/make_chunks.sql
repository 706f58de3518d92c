create or replace procedure maintenance.make_chunks(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: makes the chunks of the coming days, one in each transaction, so that the first batch after
-- midnight finds its own. No SET clause: it would forbid COMMIT.
declare
  one_day date;
begin
  p_rows := 0;
  for one_day in select m.day from maintenance.missing_chunks() as m (day) loop
    perform maintenance.make_chunk(one_day);
    p_rows := p_rows + 1;
    commit;
    exit when maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.make_chunks(bigint, bigint) is -- noqa: LT01
  'Job: makes the coming days'' chunks of the ledger ahead of time.';
