create or replace function api.confirm_contact(p_person integer, p_email text) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.confirm_contact(p_person, p_email);
end;
alter function api.confirm_contact(integer, text) owner to dozir_writer;
comment on function api.confirm_contact(integer, text) is
  'For a link in a mail: an address is its person''s.';
