create or replace function api.limit_access_key(
  p_access_key_id integer,
  p_rows_per_s bigint,
  p_burst_rows bigint,
  p_bytes_per_s bigint,
  p_burst_bytes bigint
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.limit_access_key(
    p_access_key_id, p_rows_per_s, p_burst_rows, p_bytes_per_s, p_burst_bytes);
end;
alter function api.limit_access_key(integer, bigint, bigint, bigint, bigint)
  owner to dozir_writer;
comment on function api.limit_access_key(integer, bigint, bigint, bigint, bigint) is
  'Sets what an access key may send a second and at once; a pair of nulls: the default.';
