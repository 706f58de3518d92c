create or replace function api.end_own_sessions(p_token_sha256 bytea, p_session_id bigint)
  returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- One other session of the holder's, or without its number all others. Returns how many ended. Raises
-- DZP06 where the holder signed in longer than a quarter of an hour ago: whoever found a browser open, or
-- stole its cookie, does not put the others out.
declare
  ended bigint;
begin
  if exists (
    select from identity.session as mine
    where mine.token_sha256 = p_token_sha256
      and mine.created_at < transaction_timestamp() - interval '15 minutes'
  ) then
    raise exception using errcode = 'DZP06', message = 'sign in once more';
  end if;
  update identity.session as s set ended_at = transaction_timestamp()
  where s.ended_at is null and s.token_sha256 <> p_token_sha256
    and (p_session_id is null or s.id = p_session_id)
    and s.person_id in (
      select p.id
      from identity.session as mine
      join identity.person as me on me.id = mine.person_id
      join identity.person as p on p.id = me.id or p.tax_number = me.tax_number
      where mine.token_sha256 = p_token_sha256 and mine.ended_at is null);
  get diagnostics ended = row_count;
  if ended > 0 then
    perform audit.note(
      'session_ended', 'person', p.id::text, jsonb_build_object('number', ended), null, p.id, p.role,
      p.operator_id)
    from identity.session as mine
    join identity.person as p on p.id = mine.person_id
    where mine.token_sha256 = p_token_sha256;
  end if;
  return ended;
end
$body$;
alter function api.end_own_sessions(bytea, bigint) owner to dozir_writer;
comment on function api.end_own_sessions(bytea, bigint) is
  'Ends another session of whoever holds this one, or all others.';
