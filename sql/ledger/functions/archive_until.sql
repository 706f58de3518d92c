create or replace procedure ledger.archive_until(p_day date)
  language plpgsql
as $body$
-- Drops every day before p_day (UTC) from the ledger, for good; nothing older is accepted after.
-- Rollups, batches and receipts stay. No SET clause: it would forbid COMMIT.
begin
  perform ledger.drop_until(p_day::timestamp at time zone 'UTC');
  commit;
end
$body$;
comment on procedure ledger.archive_until(date) is -- noqa: LT01
  'Retention: drops the chunks of all days before the given one and records the horizon.';
