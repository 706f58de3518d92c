create or replace function maintenance.close_some_cash() returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Counts deposits and withdrawals of one day by amount, large deposits and accounts through which money passed: of a day that has closed (from
-- maintenance.setting.cash_from on), that got records since, once for each day that closes after it, or that was
-- counted by other rules than hold of it now; the newest first. False when none is due. Days without raw rows,
-- or without accounts, stay as they are. Only one is counted at a time.
declare
  closed constant date := rollup.last_closed_day();
  kept_from constant date := greatest(
    (select p.kept_from from rollup.player_progress as p),
    (select (max(a.archived_until) at time zone 'Europe/Kyiv')::date + 1 from ledger.archive as a));
  one record;
begin
  if closed is null or not pg_try_advisory_xact_lock(20261128) then
    return false;
  end if;
  -- How often it changed is read before its rows are: what comes between makes it due again.
  select p.period_start as day, p.changes, rollup.cash_rules(p.period_start) as rules into one
  from rollup.player_period as p
  left join rollup.cash_progress as c on c.day = p.period_start
  where p.grain = 'day' and p.period_start <= closed and p.period_start >= kept_from
    and case
      when c.day is null then p.period_start >= (select s.cash_from from maintenance.setting as s)
      else c.rules <> rollup.cash_rules(p.period_start)
        or (c.changes <> p.changes and c.made_at < rollup.player_day_closes(closed))
    end
  order by p.period_start desc
  limit 1;
  if not found then
    return false;
  end if;
  delete from rollup.cash_band_day as r where r.day = one.day;
  insert into rollup.cash_band_day select r.* from rollup.recount_cash_bands(one.day) as r;
  delete from rollup.cash_day as r where r.day = one.day;
  insert into rollup.cash_day select r.* from rollup.recount_cash_day(one.day) as r;
  insert into rollup.cash_progress as c (day, changes, rules) values (one.day, one.changes, one.rules)
  on conflict (day) do update
  set changes = excluded.changes, rules = excluded.rules, made_at = excluded.made_at;
  return true;
end
$body$;
alter function maintenance.close_some_cash() owner to dozir_writer;
comment on function maintenance.close_some_cash() is
  'Counts deposits and withdrawals of one closed day by amount; false when none is due.';
