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
declare
  own_operator integer;
begin
  select k.operator_id into own_operator from registry.access_key as k where k.id = p_access_key_id;
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
end
$body$;
alter function ledger.record_refusal(
  integer, uuid, text, bigint, smallint, text, integer, integer, integer, jsonb, jsonb, text
) owner to dozir_writer;
comment on function ledger.record_refusal(
  integer, uuid, text, bigint, smallint, text, integer, integer, integer, jsonb, jsonb, text
) is 'Records that a batch was refused and why: counts, pointers and codes only.';
