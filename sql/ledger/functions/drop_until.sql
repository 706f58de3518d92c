create or replace function ledger.drop_until(p_horizon timestamptz) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $body$
-- Drops every chunk before the horizon and records it; nothing older is accepted after. Rollups,
-- batches and receipts stay.
begin
  if p_horizon is null or p_horizon > transaction_timestamp() - interval '40 days' then
    raise exception using
      errcode = 'DZR01', message = 'days younger than 40 days are not archived';
  end if;
  -- Waits for batches under way and keeps new ones out until the horizon is committed.
  perform pg_advisory_xact_lock(2, 0);
  insert into ledger.archive (archived_until) values (p_horizon);
  perform public.drop_chunks('ledger.transaction', older_than => p_horizon);
end
$body$;
comment on function ledger.drop_until(timestamptz) is
  'Drops the days before a horizon from the ledger and records the horizon; the owner''s alone.';
