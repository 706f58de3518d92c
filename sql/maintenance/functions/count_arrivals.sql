create or replace procedure maintenance.count_arrivals(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: days of arrival, of the hours that are over. No SET clause: it would forbid COMMIT.
declare
  counted bigint;
begin
  p_rows := 0;
  loop
    counted := maintenance.count_some_arrivals();
    commit;
    exit when counted is null;
    p_rows := p_rows + counted;
    exit when maintenance.stop_asked(p_run);
  end loop;
end
$body$;
comment on procedure maintenance.count_arrivals(bigint, bigint) is -- noqa: LT01
  'Job: brings the days of arrival up to date once an hour of arrival is over.';
