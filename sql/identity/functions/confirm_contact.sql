create or replace function identity.confirm_contact(p_person integer, p_email text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whoever holds the signed link has read what came to that address. False for one given up since.
begin
  update identity.contact as c
  set confirmed_at = coalesce(c.confirmed_at, transaction_timestamp())
  where c.person_id = p_person and c.email = p_email;
  return found;
end
$body$;
alter function identity.confirm_contact(integer, text) owner to dozir_writer;
comment on function identity.confirm_contact(integer, text) is
  'An address is its person''s; false where it is not theirs any more.';
