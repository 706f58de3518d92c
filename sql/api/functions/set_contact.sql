create or replace function api.set_contact(p_email text, p_language text, p_digest_hour integer)
  returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.set_contact(p_email, p_language, p_digest_hour);
end;
alter function api.set_contact(text, text, integer) owner to dozir_writer;
comment on function api.set_contact(text, text, integer) is
  'Where the caller''s mail goes, and at which hour the digest; true while the address is unconfirmed.';
