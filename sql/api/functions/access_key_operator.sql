create or replace function api.access_key_operator(
  p_access_key_id integer, p_scope text, p_address inet default null
)
  returns integer
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return (ledger.check_access_key(p_access_key_id, p_scope, p_address)).operator_id;
end
$body$;
alter function api.access_key_operator(integer, text, inet) owner to dozir_writer;
comment on function api.access_key_operator(integer, text, inet) is
  'Whom a key acts for, if it may be used for this scope now, from this address; raises DZK01 to DZK08.';
