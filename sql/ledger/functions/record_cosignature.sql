create or replace function ledger.record_cosignature(
  p_size bigint,
  p_root bytea,
  p_note text,
  p_witness text,
  p_cosigned_at timestamptz,
  p_line text
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Keeps what a witness signed of a checkpoint; its signature was verified. The first one stays.
-- Raises DZL03 (another root of this size).
begin
  perform ledger.keep_checkpoint(p_size, p_root, p_note);
  insert into ledger.cosignature as c (size, witness, cosigned_at, line)
  values (p_size, p_witness, p_cosigned_at, p_line)
  on conflict (size, witness) do nothing;
end
$body$;
alter function ledger.record_cosignature(bigint, bytea, text, text, timestamptz, text)
owner to dozir_writer;
comment on function ledger.record_cosignature(bigint, bytea, text, text, timestamptz, text) is
  'For the log''s attestation: keeps a verified cosignature and its checkpoint.';
