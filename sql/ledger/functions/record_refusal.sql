create or replace function ledger.record_refusal(
  p_access_key_id integer,
  p_idempotency_key uuid,
  p_stream text,
  p_stream_sequence bigint,
  p_status smallint,
  p_code text,
  p_error_count integer,
  p_row_count integer,
  p_body_bytes integer,
  p_codes jsonb,
  p_errors jsonb,
  p_request_id text
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The refusal enters the log with it: counts and codes, as everything here.
declare
  own_operator integer;
  own_key text;
begin
  select k.operator_id, k.key_id into own_operator, own_key
  from registry.access_key as k where k.id = p_access_key_id;
  if not found then
    return; -- a refusal without a known key is counted in metrics, not stored
  end if;
  insert into ledger.refusal (
    operator_id, access_key_id, idempotency_key, stream, stream_sequence, status, code, error_count,
    row_count, body_bytes, codes, errors, request_id
  ) values (
    own_operator, p_access_key_id, p_idempotency_key, p_stream, p_stream_sequence, p_status, p_code,
    p_error_count, p_row_count, p_body_bytes, p_codes, p_errors, p_request_id
  );
  perform rollup.count_refusal(own_operator, p_access_key_id);
  perform ledger.append_document(3::smallint, own_operator, jsonb_strip_nulls(jsonb_build_object(
    'refused_at', ledger.rfc3339(transaction_timestamp()), 'key_id', own_key,
    'idempotency_key', p_idempotency_key, 'stream', p_stream, 'stream_sequence', p_stream_sequence,
    'status', p_status, 'code', p_code, 'errors', p_error_count, 'rows', p_row_count,
    'bytes', p_body_bytes, 'codes', p_codes, 'request_id', p_request_id)));
end
$body$;
alter function ledger.record_refusal(
  integer, uuid, text, bigint, smallint, text, integer, integer, integer, jsonb, jsonb, text
) owner to dozir_writer;
comment on function ledger.record_refusal(
  integer, uuid, text, bigint, smallint, text, integer, integer, integer, jsonb, jsonb, text
) is 'Records that a batch was refused and why: counts, pointers and codes only.';
