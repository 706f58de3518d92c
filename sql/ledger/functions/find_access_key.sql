create or replace function ledger.find_access_key(p_key_id text)
  returns table (access_key_id integer, operator_id integer, secret_hmac bytea)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select k.id, k.operator_id, k.secret_hmac
  from registry.access_key as k
  where k.key_id = p_key_id;
end;
alter function ledger.find_access_key(text) owner to dozir_writer;
comment on function ledger.find_access_key(text) is
  'The key with this public id and what its secret must hash to; whether it may still be used is '
  'decided by ledger.open_batches in the transaction that stores.';
