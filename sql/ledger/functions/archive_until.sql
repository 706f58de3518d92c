create or replace procedure ledger.archive_until(p_day date)
  language plpgsql
as $body$
-- Drops every day before p_day (UTC) from the ledger, for good; nothing older is accepted after.
-- Rollups, batches and receipts stay. No SET clause: it would forbid COMMIT.
declare
  horizon constant timestamptz := p_day::timestamp at time zone 'UTC';
begin
  if horizon > transaction_timestamp() - interval '40 days' then
    raise exception using
      errcode = 'DZR01', message = 'days younger than 40 days are not archived';
  end if;
  -- Waits for batches under way and keeps new ones out until the horizon is committed.
  perform pg_catalog.pg_advisory_xact_lock(2, 0);
  insert into ledger.archive (archived_until) values (horizon);
  perform public.drop_chunks('ledger.transaction', older_than => horizon);
  commit;
end
$body$;
comment on procedure ledger.archive_until(date) is -- noqa: LT01
  'Retention: drops the chunks of all days before the given one and records the horizon.';
