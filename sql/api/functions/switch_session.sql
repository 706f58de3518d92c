create or replace function api.switch_session(
  p_token_sha256 bytea, p_new_sha256 bytea, p_person_id integer
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The same human, another organisation, another token; a reason for access that was stated is not
-- this one's. Raises DZP01.
begin
  update identity.session as s
  set
    token_sha256 = p_new_sha256, person_id = p_person_id,
    reason_kind = null, reason_text = null, reason_at = null
  where s.token_sha256 = p_token_sha256 and s.ended_at is null
    and exists (
      select from api.own_people(p_token_sha256) as p where p.id = p_person_id and not p.locked);
  if not found then
    raise exception using errcode = 'DZP01', message = 'not one of this session''s people';
  end if;
  perform audit.note(
    'organisation_chosen', 'person', p.id::text, '{}', null, p.id, p.role, p.operator_id)
  from identity.person as p where p.id = p_person_id;
end
$body$;
alter function api.switch_session(bytea, bytea, integer) owner to dozir_writer;
comment on function api.switch_session(bytea, bytea, integer) is
  'Goes on with a session as another of its holder''s people, under a new token.';
