create or replace procedure rollup.rebuild(p_from timestamptz, p_until timestamptz)
  language plpgsql
as $body$
-- Mends the rollups of a period from raw rows, one day of Europe/Kyiv in each transaction, and then the
-- months that these days are of. Only days
-- in which something differs are rewritten. While a day is rewritten, ingest waits, and so does
-- another rebuild: the lock on ledger.transaction comes first in each, so they cannot deadlock. Days
-- before the archive horizon have no raw rows and are left alone. Where batches themselves no longer
-- hold what they were accepted with, nothing is rebuilt (DZR02): figures made from damaged rows would
-- only hide the damage. No SET clause: it would forbid COMMIT.
declare
  wrong_days date[];
  wrong_months date[];
  one_month date;
  last_of_month date;
  damaged_batches bigint[];
  one_day date;
  day_from timestamptz;
  day_until timestamptz;
begin
  select
    array_agg(distinct coalesce(
      (d.key ->> 'day')::date,
      ((d.key ->> 'hour')::timestamptz at time zone 'Europe/Kyiv')::date
    )) filter (where d.object like 'rollup.%' and d.object not in (
      'rollup.month', 'rollup.play_month', 'rollup.equipment_month', 'rollup.mark_month'
    )),
    array_agg(distinct date_trunc('month', coalesce(
      (d.key ->> 'month')::timestamp, (d.key ->> 'day')::timestamp,
      (d.key ->> 'hour')::timestamptz at time zone 'Europe/Kyiv'
    ))::date) filter (where d.object like 'rollup.%' or d.object = 'report.declared_days'),
    array_agg((d.key ->> 'id')::bigint) filter (where d.object = 'ledger.batch')
  into wrong_days, wrong_months, damaged_batches
  from report.check_rollups(p_from, p_until) as d;
  if damaged_batches is not null then
    raise exception using
      errcode = 'DZR02',
      message = format(
        'not rebuilt: %s batches no longer hold what they were accepted with',
        cardinality(damaged_batches)
      ),
      detail = format('Batches %s', damaged_batches[1:20]),
      hint = 'See report.check_rollups; restore the rows first.';
  end if;
  foreach one_day in array coalesce(wrong_days, '{}') loop
    day_from := one_day::timestamp at time zone 'Europe/Kyiv';
    day_until := (one_day + 1)::timestamp at time zone 'Europe/Kyiv';
    lock table only ledger.transaction in share row exclusive mode;
    lock table rollup.game_progress in share row exclusive mode;
    delete from rollup.hour as r where r.hour >= day_from and r.hour < day_until;
    insert into rollup.hour select * from rollup.recount_hour(day_from, day_until);
    delete from rollup.game_hour as r where r.hour >= day_from and r.hour < day_until;
    insert into rollup.game_hour select * from rollup.recount_game_hour(day_from, day_until);
    delete from rollup.day as r where r.day = one_day;
    insert into rollup.day select * from rollup.recount_day(day_from, day_until);
    delete from rollup.game_day as r where r.day = one_day;
    insert into rollup.game_day select * from rollup.recount_game_day(day_from, day_until);
    delete from rollup.play_day as r where r.day = one_day;
    insert into rollup.play_day select * from rollup.recount_play_day(one_day, one_day);
    delete from rollup.mark_day as r where r.day = one_day;
    insert into rollup.mark_day select * from rollup.recount_mark_day(day_from, day_until);
    delete from rollup.market_mark_day as r where r.day = one_day;
    insert into rollup.market_mark_day select * from rollup.recount_market_mark_day(one_day, one_day);
    commit;
    raise notice 'rebuilt %', one_day;
  end loop;
  foreach one_month in array coalesce(wrong_months, '{}') loop
    last_of_month := (one_month + interval '1 month')::date - 1;
    lock table only ledger.transaction in share row exclusive mode;
    lock table rollup.game_progress in share row exclusive mode;
    delete from rollup.month as r where r.month = one_month;
    insert into rollup.month select * from rollup.recount_month(one_month, last_of_month);
    delete from rollup.play_month as r where r.month = one_month;
    insert into rollup.play_month select * from rollup.recount_play_month(one_month, last_of_month);
    delete from rollup.equipment_month as r where r.month = one_month;
    insert into rollup.equipment_month
    select * from rollup.recount_equipment_month(one_month, last_of_month);
    delete from rollup.mark_month as r where r.month = one_month;
    insert into rollup.mark_month select * from rollup.recount_mark_month(one_month, last_of_month);
    lock table report.declared_day in share row exclusive mode;
    delete from report.declared_days as r where r.month = one_month;
    insert into report.declared_days select * from report.recount_declared_days(one_month, last_of_month);
    commit;
    raise notice 'rebuilt the month of %', one_month;
  end loop;
end
$body$;
comment on procedure rollup.rebuild(timestamptz, timestamptz) is -- noqa: LT01
  'Mends what report.check_rollups finds, one day in each transaction.';
