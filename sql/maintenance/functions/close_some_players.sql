create or replace function maintenance.close_some_players() returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Makes the spread over accounts of one period that has got records since it was made last, up to its
-- last closed day; false when none is due. A period is made once for each day that closes, so that
-- what comes late is in it by the next morning; the newest comes first. Only one makes them at a time.
declare
  closed constant date := rollup.last_closed_day();
  one rollup.player_period%rowtype;
  until_day date;
begin
  if closed is null or not pg_try_advisory_xact_lock(20260223) then
    return false;
  end if;
  select p.* into one
  from rollup.player_period as p
  where p.changes <> p.made_changes and p.period_start <= closed
    and p.period_start >= (select k.kept_from from rollup.player_progress as k)
    and (p.made_at is null or p.made_at < rollup.player_day_closes(closed))
  order by rollup.period_end(p.grain, p.period_start) desc, p.period_start desc
  limit 1;
  if not found then
    return false;
  end if;
  until_day := least(rollup.period_end(one.grain, one.period_start), closed);
  delete from rollup.account_spread as s
  where s.grain = one.grain and s.period_start = one.period_start;
  insert into rollup.account_spread
  select s.* from rollup.spread_accounts(one.grain, one.period_start, until_day) as s;
  if one.grain = 'month' then
    delete from rollup.account_cohort as c where c.month = one.period_start;
    insert into rollup.account_cohort
    select c.* from rollup.account_cohorts(one.period_start, until_day) as c;
    delete from rollup.cohort_sum as c where c.month = one.period_start;
    insert into rollup.cohort_sum
    select c.* from rollup.cohort_sums(one.period_start, until_day) as c;
  end if;
  -- What came meanwhile may be in it or not: it counts as new, and the period is made again.
  update rollup.player_period as p
  set
    made_at = clock_timestamp(),
    made_changes = case
      when until_day = rollup.period_end(one.grain, one.period_start) then one.changes else -1
    end
  where p.grain = one.grain and p.period_start = one.period_start;
  return true;
end
$body$;
alter function maintenance.close_some_players() owner to dozir_writer;
comment on function maintenance.close_some_players() is
  'Makes the spread over accounts of one period that is due; false when none is.';
