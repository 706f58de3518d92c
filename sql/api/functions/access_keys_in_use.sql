create or replace function api.access_keys_in_use()
  returns table (access_key_id integer)
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select k.id
  from registry.access_key as k
  where (
    current_setting('role') = 'registrar'
    or k.operator_id = nullif(current_setting('dozir.operator_id', true), '')::integer
  )
  and exists (
    select from rollup.ingest_hour as i
    where i.operator_id = k.operator_id and i.access_key_id = k.id
      and i.hour > statement_timestamp() - interval '30 days'
  );
end;
alter function api.access_keys_in_use() owner to dozir_writer;
comment on function api.access_keys_in_use() is
  'Ids of access keys with which something was sent in the last 30 days. A definer: a registrar looks '
  'after keys and may know that one is used, but nothing of what came in; an operator only its own.';
