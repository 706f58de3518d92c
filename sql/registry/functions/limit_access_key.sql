create or replace function registry.limit_access_key(
  p_access_key_id integer,
  p_rows_per_s bigint,
  p_burst_rows bigint,
  p_bytes_per_s bigint,
  p_burst_bytes bigint
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Sets what a key may send; a pair of nulls returns it to the default. Holds from the key's next
-- request on. Raises DZL01 (pairs and ranges: see migration 0005) and DZK01.
begin
  perform identity.check_permission('key.limit');
  update registry.access_key as k
  set rows_per_s = p_rows_per_s, burst_rows = p_burst_rows,
    bytes_per_s = p_bytes_per_s, burst_bytes = p_burst_bytes
  where k.id = p_access_key_id;
  if not found then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  end if;
exception
  when check_violation then
    raise exception using errcode = 'DZL01', message = 'no such limit';
end
$body$;
alter function registry.limit_access_key(integer, bigint, bigint, bigint, bigint)
  owner to dozir_writer;
comment on function registry.limit_access_key(integer, bigint, bigint, bigint, bigint) is
  'Sets what an access key may send a second and at once; nulls: the default.';
