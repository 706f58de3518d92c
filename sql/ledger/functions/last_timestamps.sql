create or replace function ledger.last_timestamps()
  returns table (authority text, size bigint, stamped_at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The newest time-stamp of each authority: sizes only grow.
begin
  return query
    select distinct on (t.authority) t.authority, t.size, t.stamped_at
    from ledger.timestamp_token as t order by t.authority, t.size desc;
end
$body$;
alter function ledger.last_timestamps() owner to dozir_writer;
comment on function ledger.last_timestamps() is
  'For the log''s attestation: when each authority stamped last, and what.';
