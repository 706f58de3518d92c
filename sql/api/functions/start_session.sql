create or replace function api.start_session(
  p_signature_id bigint, p_browser_sha256 bytea, p_person_id integer, p_token_sha256 bytea,
  p_hours integer, p_device text, p_address inet
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The one way into the portal. Raises DZP04 without a fresh signature of this browser, DZP01 where
-- the signer is not that person, DZP02 where that person is locked.
declare
  locked_out boolean;
begin
  select p.locked into locked_out from api.signed_people(p_signature_id, p_browser_sha256) as p
  where p.id = p_person_id;
  if locked_out is null then
    raise exception using errcode = 'DZP01', message = 'the signer is not this person';
  elsif locked_out then
    raise exception using errcode = 'DZP02', message = 'this person is locked';
  end if;
  insert into identity.session
    (token_sha256, person_id, expires_at, signature_id, device, address)
  values (
    p_token_sha256, p_person_id, transaction_timestamp() + make_interval(hours => p_hours),
    p_signature_id, left(p_device, 200), p_address);
  perform audit.note(
    'login', 'person', p.id::text, jsonb_build_object('signature', p_signature_id), null, p.id, p.role,
    p.operator_id)
  from identity.person as p where p.id = p_person_id;
exception
  when unique_violation then
    raise exception using errcode = 'DZP04', message = 'this signature was used already';
end
$body$;
alter function api.start_session(bigint, bytea, integer, bytea, integer, text, inet)
  owner to dozir_writer;
comment on function api.start_session(bigint, bytea, integer, bytea, integer, text, inet) is
  'Opens a session for whoever has just signed; raises DZP01, DZP02, DZP04.';
