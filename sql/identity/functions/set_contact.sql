create or replace function identity.set_contact(
  p_email text, p_language text, p_digest_hour integer
) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- '' removes the address. Another address has to be confirmed anew; true where that is so now.
-- Raises DZX02.
declare
  unconfirmed boolean;
begin
  if registry.caller_role() is null or registry.own_person() is null then
    raise exception using errcode = 'DZX02', message = 'an address is a person''s';
  end if;
  perform audit.note('settings', 'person', registry.own_person()::text, '{"what": "address"}');
  if p_email = '' then
    delete from identity.contact as c where c.person_id = registry.own_person();
    return false;
  end if;
  insert into identity.contact as c (person_id, email, language, digest_hour, next_digest_at)
  values (
    registry.own_person(), p_email, p_language, p_digest_hour,
    identity.next_delivery('day', 1, 1, p_digest_hour, transaction_timestamp()))
  on conflict (person_id) do update set
    confirmed_at = case when c.email = excluded.email then c.confirmed_at end,
    email = excluded.email, language = excluded.language, digest_hour = excluded.digest_hour,
    next_digest_at = excluded.next_digest_at
  returning c.confirmed_at is null into unconfirmed;
  return unconfirmed;
end
$body$;
alter function identity.set_contact(text, text, integer) owner to dozir_writer;
comment on function identity.set_contact(text, text, integer) is
  'Where the caller''s mail goes, and at which hour the digest; true while the address is unconfirmed.';
