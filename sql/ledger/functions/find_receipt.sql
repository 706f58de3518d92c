create or replace function ledger.find_receipt(
  p_operator_id integer,
  p_idempotency_key uuid,
  p_body_sha256 bytea
) returns bytea
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The receipt of the batch that was stored under an idempotency key, null if none was. Raises DZI02
-- if that batch had another body.
declare
  stored record;
begin
  select b.body_sha256, b.receipt into stored
  from ledger.batch as b
  where b.operator_id = p_operator_id and b.idempotency_key = p_idempotency_key;
  if found and stored.body_sha256 <> p_body_sha256 then
    raise exception using errcode = 'DZI02', message = 'idempotency key used with another body';
  end if;
  return stored.receipt;
end
$body$;
alter function ledger.find_receipt(integer, uuid, bytea) owner to dozir_writer;
comment on function ledger.find_receipt(integer, uuid, bytea) is
  'The receipt of an operator''s batch by its idempotency key; refuses another body.';
