create or replace function ledger.drop_until(p_horizon timestamptz) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $body$
-- Drops every chunk before the horizon and records it; nothing older is accepted after. Each day is
-- held to its archive and entered into the log first. Rollups, batches and receipts stay.
declare
  seen pg_snapshot;
  day_from timestamptz;
  day_until timestamptz;
begin
  if p_horizon is null or p_horizon > transaction_timestamp() - interval '40 days' then
    raise exception using
      errcode = 'DZR01', message = 'days younger than 40 days are not archived';
  elsif current_setting('transaction_isolation') <> 'read committed' then
    -- An older snapshot would not see what the last look below is for.
    raise exception using
      errcode = 'DZR06', message = 'days are dropped by transactions that read what is committed';
  end if;
  -- Days are counted while batches go on; what came meanwhile is looked for under the lock.
  seen := pg_current_snapshot();
  for day_from, day_until in
    select c.range_start, c.range_end
    from timescaledb_information.chunks as c
    where c.hypertable_schema = 'ledger' and c.hypertable_name = 'transaction'
      and c.range_end <= p_horizon
    order by c.range_start
  loop
    perform ledger.enter_retention(day_from, day_until);
  end loop;
  -- Waits for batches under way and keeps new ones out until the horizon is committed.
  perform pg_advisory_xact_lock(2, 0);
  if exists (
    select from ledger.batch as b
    where b.stored_xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(b.stored_xid, seen)
      and b.occurred_from < p_horizon
  ) then
    raise exception using
      errcode = 'DZR06',
      message = 'a batch with rows of these days was stored meanwhile: nothing is dropped',
      hint = 'Archive the day again, then repeat.';
  end if;
  insert into ledger.archive (archived_until) values (p_horizon);
  perform public.drop_chunks('ledger.transaction', older_than => p_horizon);
end
$body$;
comment on function ledger.drop_until(timestamptz) is
  'Drops the days before a horizon, held to their archives and entered into the log; the owner''s alone.';
