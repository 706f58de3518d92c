create or replace function ledger.record_timestamp(
  p_size bigint,
  p_root bytea,
  p_note text,
  p_authority text,
  p_stamped_at timestamptz,
  p_token bytea
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Keeps an authority's time-stamp of a checkpoint; it was verified. The first one, hence the
-- earliest, stays. Raises DZL03 (another root of this size).
begin
  perform ledger.keep_checkpoint(p_size, p_root, p_note);
  insert into ledger.timestamp_token as t (size, authority, stamped_at, token)
  values (p_size, p_authority, p_stamped_at, p_token)
  on conflict (size, authority) do nothing;
end
$body$;
alter function ledger.record_timestamp(bigint, bytea, text, text, timestamptz, bytea)
owner to dozir_writer;
comment on function ledger.record_timestamp(bigint, bytea, text, text, timestamptz, bytea) is
  'For the log''s attestation: keeps a verified time-stamp and its checkpoint.';
