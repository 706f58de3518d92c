create or replace function ledger.record_log_key(
  p_vkey text,
  p_purpose text,
  p_valid_from timestamptz,
  p_valid_until timestamptz
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Notes a public key of the log or of its receipts, and until when it signs.
begin
  insert into ledger.log_key as k (vkey, purpose, valid_from, valid_until)
  values (p_vkey, p_purpose, p_valid_from, p_valid_until)
  on conflict (vkey) do update set valid_until = excluded.valid_until
  where k.valid_until <> excluded.valid_until;
end
$body$;
alter function ledger.record_log_key(text, text, timestamptz, timestamptz) owner to dozir_writer;
comment on function ledger.record_log_key(text, text, timestamptz, timestamptz) is
  'For the sequencer: notes a public key and until when it signs.';
