create or replace function ledger.check_access_key(p_access_key_id integer, p_scope text)
  returns registry.access_key
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- p_scope: submit, read, or validate, which needs the scope submit and alone is open to test keys.
declare
  k registry.access_key;
begin
  select * into k from registry.access_key where id = p_access_key_id;
  if not found then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  elsif k.revoked_at is not null then
    raise exception using errcode = 'DZK02', message = 'access key revoked';
  elsif k.expires_at <= transaction_timestamp() then
    raise exception using errcode = 'DZK03', message = 'access key expired';
  elsif not exists (
    select from registry.operator as o
    where o.id = k.operator_id
      and o.active_from <= transaction_timestamp() and transaction_timestamp() < o.active_until
  ) then
    raise exception using errcode = 'DZK04', message = 'operator not active';
  elsif p_scope <> 'validate' and k.mode <> 'live' then
    raise exception using errcode = 'DZK06', message = 'test keys may only validate';
  elsif not (case p_scope when 'validate' then 'submit' else p_scope end) = any (k.scopes) then
    raise exception using errcode = 'DZK05', message = 'access key lacks the scope';
  end if;
  return k;
end
$body$;
alter function ledger.check_access_key(integer, text) owner to dozir_writer;
comment on function ledger.check_access_key(integer, text) is
  'The key if it may be used for this scope now; otherwise raises DZK01 to DZK06.';
