create or replace procedure rollup.rebuild_rounds(p_from timestamptz, p_until timestamptz)
  language plpgsql
as $body$
-- Mends what report.check_rounds finds, one day of Europe/Kyiv in each transaction; ingest does not wait.
-- No SET clause: it would forbid COMMIT.
declare
  one record;
begin
  for one in
    select (c.key ->> 'day')::date as day, array_agg(distinct (c.key ->> 'operator_id')::integer) as operators
    from report.check_rounds(p_from, p_until) as c
    group by 1 order by 1
  loop
    lock table rollup.round_progress in share row exclusive mode;
    perform rollup.count_round_day(one.day, one.operators);
    commit;
    raise notice 'rebuilt the rounds of %', one.day;
  end loop;
end
$body$;
comment on procedure rollup.rebuild_rounds(timestamptz, timestamptz) is -- noqa: LT01
  'Mends what report.check_rounds finds, one day in each transaction.';
