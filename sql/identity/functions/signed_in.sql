create or replace function identity.signed_in(p_signature_id bigint, p_browser_sha256 bytea)
  returns identity.signature
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The signature with which a browser is just signing in. Raises DZP04 where it made none, or made
-- it longer ago than ten minutes, or has used it.
declare
  found_one identity.signature;
begin
  select * into found_one from identity.signature as s
  where s.id = p_signature_id and s.browser_sha256 = p_browser_sha256 and s.purpose = 'login'
    and s.made_at > statement_timestamp() - interval '10 minutes'
    and not exists (select from identity.session as e where e.signature_id = s.id);
  if found_one.id is null then
    raise exception using errcode = 'DZP04', message = 'no such signature';
  end if;
  return found_one;
end
$body$;
alter function identity.signed_in(bigint, bytea) owner to dozir_writer;
comment on function identity.signed_in(bigint, bytea) is
  'The signature with which a browser is just signing in.';
