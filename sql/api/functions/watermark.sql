create or replace function api.watermark() returns timestamptz
  language sql stable security invoker
  set search_path = pg_catalog, pg_temp
begin atomic
  select statement_timestamp();
end;
comment on function api.watermark() is
  'The moment up to which figures read now are complete: rollups change in the transaction that '
  'stores a batch, so what is read is what is committed.';
