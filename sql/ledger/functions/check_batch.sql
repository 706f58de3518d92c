create or replace function ledger.check_batch(
  p_access_key_id integer,
  p_idempotency_key uuid,
  p_body_sha256 bytea,
  p_stream text,
  p_stream_sequence bigint,
  p_codes_version bigint,
  p_address inet default null,
  out stored_before boolean,
  out received_us bigint,
  out oldest_us bigint,
  out codes jsonb
)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What ledger.open_batches would say of a batch; stores nothing and takes no lock, so a batch of the
-- same idempotency key that is in flight is not seen. Test keys may ask. Raises DZK01-08 (key),
-- DZI02 (other body), DZS01 (sequence missing), DZS02 (sequence taken).
declare
  k registry.access_key := ledger.check_access_key(p_access_key_id, 'validate', p_address);
  current_version bigint;
begin
  stored_before :=
    ledger.find_receipt(k.operator_id, p_idempotency_key, p_body_sha256) is not null;
  if stored_before then
    return;
  end if;
  if p_stream_sequence is null and not k.manual then
    raise exception using errcode = 'DZS01', message = 'Batch-Sequence is required for this key';
  elsif exists (
    select from ledger.batch as b
    where b.operator_id = k.operator_id
      and b.stream = p_stream and b.stream_sequence = p_stream_sequence
  ) then
    raise exception using errcode = 'DZS02', message = 'this number of the stream is taken';
  end if;
  received_us := ledger.microseconds(transaction_timestamp());
  oldest_us := ledger.oldest_accepted(k.operator_id);
  select v.version into current_version
  from registry.operator_version as v where v.operator_id = k.operator_id;
  if p_codes_version is null or current_version is distinct from p_codes_version then
    codes := ledger.operator_codes(k.operator_id);
  end if;
end
$body$;
alter function ledger.check_batch(integer, uuid, bytea, text, bigint, bigint, inet)
  owner to dozir_writer;
comment on function ledger.check_batch(integer, uuid, bytea, text, bigint, bigint, inet) is
  'What opening a batch would say, without storing anything: key, idempotency, codes, sequence.';
