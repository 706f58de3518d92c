create or replace function ledger.check_access_key(
  p_access_key_id integer, p_scope text, p_address inet default null
)
  returns registry.access_key
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  k registry.access_key;
  o registry.operator;
  refusal text;
begin
  select * into k from registry.access_key where id = p_access_key_id;
  select * into o from registry.operator where id = k.operator_id;
  refusal := ledger.access_key_refusal(k, o, p_scope, p_address);
  if refusal is not null then
    raise exception using errcode = refusal, message = 'access key refused';
  end if;
  return k;
end
$body$;
alter function ledger.check_access_key(integer, text, inet) owner to dozir_writer;
comment on function ledger.check_access_key(integer, text, inet) is
  'The key if it may be used for this scope now, from this address; otherwise raises DZK01 to DZK08.';
