create or replace function audit.state_reason(
  p_token_sha256 bytea, p_kind text, p_text text
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Keeps in the caller's session why they look at single transactions, for an hour. Raises DZA04 where
-- nothing is stated, or the session is another's or has ended.
declare
  why constant text := btrim(p_text);
begin
  if why is null or length(why) not between 3 and 500
    or not exists (select from audit.reason_kind as k where k.kind = p_kind) then
    raise exception using errcode = 'DZA04', message = 'no reason';
  end if;
  update identity.session as s
  set reason_kind = p_kind, reason_text = why, reason_at = transaction_timestamp()
  where s.token_sha256 = p_token_sha256 and s.person_id = registry.own_person()
    and s.ended_at is null and transaction_timestamp() < s.expires_at;
  if not found then
    raise exception using errcode = 'DZA04', message = 'no such session';
  end if;
  perform audit.note('reason', null, null, jsonb_build_object('reason', p_kind, 'text', why));
end
$body$;
alter function audit.state_reason(bytea, text, text) owner to dozir_writer;
comment on function audit.state_reason(bytea, text, text) is
  'Keeps for an hour of the session why an official looks at transactions, and notes it; raises DZA04.';
