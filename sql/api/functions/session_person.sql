create or replace function api.session_person(
  p_token_sha256 bytea, p_idle_minutes integer, p_prolong boolean
) returns table (
    person_id integer, role text, operator_id integer, name_uk text, name_en text,
    organisation_uk text, organisation_en text, expires_at timestamptz, session_id bigint
  )
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whose session this is, or no row. Seen at most once a minute in writing; polling (p_prolong
-- false) does not keep a session alive.
begin
  if p_prolong then
    update identity.session as s set last_seen_at = transaction_timestamp()
    where s.token_sha256 = p_token_sha256
      and s.ended_at is null
      and s.last_seen_at < transaction_timestamp() - interval '1 minute'
      and s.last_seen_at > transaction_timestamp() - make_interval(mins => p_idle_minutes);
  end if;
  return query
  select
    p.id, p.role, p.operator_id, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en,
    s.expires_at, s.id
  from identity.session as s
  join identity.person as p on p.id = s.person_id
  where s.token_sha256 = p_token_sha256
    and s.ended_at is null
    and transaction_timestamp() < s.expires_at
    and s.last_seen_at > transaction_timestamp() - make_interval(mins => p_idle_minutes)
    and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
    and (not p.demo or exists (select from identity.mode as m where m.demo))
    and not identity.is_locked(p.id);
end
$body$;
alter function api.session_person(bytea, integer, boolean) owner to dozir_writer;
comment on function api.session_person(bytea, integer, boolean) is
  'The person behind a session token''s hash, while the session lives.';
