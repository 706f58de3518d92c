create or replace function ledger.open_batch(
  p_access_key_id integer,
  p_idempotency_key uuid,
  p_body_sha256 bytea,
  p_stream_sequence bigint,
  p_codes_version bigint,
  out batch_id bigint,
  out received_us bigint,
  out oldest_us bigint,
  out codes jsonb,
  out receipt bytea
)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- First statement of the transaction that stores a batch. Decides whether the key may submit now,
-- claims the idempotency key until the end of the transaction, and hands out what the gateway needs:
--   batch_id     null when this very batch is stored already: then receipt holds its receipt
--   received_us  the batch's moment of arrival (microseconds since 2000)
--   oldest_us    nothing older is accepted
--   codes        ledger.operator_codes, or null if the caller's version is the current one
-- Raises DZK01-06 (key), DZI01 (in flight), DZI02 (other body), DZS01 (sequence missing).
declare
  k registry.access_key;
  current_version bigint;
begin
  -- Shared lock on the key, then its re-reading: revocation takes the exclusive lock, so that no
  -- batch commits after it has returned.
  perform pg_advisory_xact_lock_shared(1, p_access_key_id);
  -- Archiving takes this lock exclusively before it drops days.
  perform pg_advisory_xact_lock_shared(2, 0);
  k := ledger.check_access_key(p_access_key_id, 'submit');

  if not pg_try_advisory_xact_lock(
    hashtextextended(p_idempotency_key::text, k.operator_id)
  ) then
    raise exception using errcode = 'DZI01', message = 'a batch with this idempotency key is in flight';
  end if;
  receipt := ledger.find_receipt(k.operator_id, p_idempotency_key, p_body_sha256);
  if receipt is not null then
    -- The first commit may have been local only (its wait for a standby cancelled): this record
    -- makes the replay's own commit wait in turn before the receipt is handed out.
    perform pg_logical_emit_message(true, 'dozir.replay', '');
    return;
  end if;

  if p_stream_sequence is null and not k.manual then
    raise exception using errcode = 'DZS01', message = 'Batch-Sequence is required for this key';
  end if;

  batch_id := nextval('ledger.batch_id');
  received_us := ledger.microseconds(transaction_timestamp());
  oldest_us := ledger.oldest_accepted(k.operator_id);
  select v.version into current_version
  from registry.operator_version as v where v.operator_id = k.operator_id;
  if p_codes_version is null or current_version is distinct from p_codes_version then
    codes := ledger.operator_codes(k.operator_id);
  end if;
end
$body$;
alter function ledger.open_batch(integer, uuid, bytea, bigint, bigint) owner to dozir_writer;
comment on function ledger.open_batch(integer, uuid, bytea, bigint, bigint) is
  'Opens a batch: key, idempotency, batch id, codes. First statement of the storing transaction.';
