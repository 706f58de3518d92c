create or replace function registry.rotate_access_key(
  p_access_key_id integer, p_key_id text, p_secret_hmac bytea, p_old_until timestamptz
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A new key that may do what the old one may; the old one works on until p_old_until, at most 30 days,
-- so that systems change over without a pause. Raises DZK01, DZK07 (revoked or expired), DZL01 (time).
declare
  old_key registry.access_key;
  made integer;
begin
  perform identity.check_permission('key.manage');
  perform registry.check_power('keys');
  select * into old_key from registry.access_key as k where k.id = p_access_key_id for update;
  perform registry.check_own_operator(old_key.operator_id);
  if old_key.id is null then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  end if;
  if old_key.revoked_at is not null or old_key.expires_at <= transaction_timestamp() then
    raise exception using errcode = 'DZK07', message = 'the key is revoked or expired';
  end if;
  if p_old_until < transaction_timestamp() or p_old_until > transaction_timestamp() + interval '30 days'
    or p_old_until is null then
    raise exception using errcode = 'DZL01', message = 'the old key works on for 30 days at most';
  end if;
  insert into registry.access_key (
    operator_id, key_id, secret_hmac, label, mode, scopes, manual, expires_at, rows_per_s, burst_rows,
    bytes_per_s, burst_bytes, allowed_addresses, rotated_from
  ) values (
    old_key.operator_id, p_key_id, p_secret_hmac, old_key.label, old_key.mode, old_key.scopes,
    old_key.manual, old_key.expires_at, old_key.rows_per_s, old_key.burst_rows, old_key.bytes_per_s,
    old_key.burst_bytes, old_key.allowed_addresses, old_key.id
  ) returning id into made;
  update registry.access_key as k set expires_at = least(k.expires_at, p_old_until)
  where k.id = old_key.id;
  perform registry.enter_decision(old_key.operator_id, 'key_created', jsonb_build_object(
    'access_key', made, 'key_id', p_key_id, 'mode', old_key.mode, 'scopes', old_key.scopes,
    'expires_at', case when old_key.expires_at < 'infinity' then ledger.rfc3339(old_key.expires_at) end,
    'replaces', old_key.id, 'replaced_until', ledger.rfc3339(least(old_key.expires_at, p_old_until))));
  return made;
end
$body$;
alter function registry.rotate_access_key(integer, text, bytea, timestamptz) owner to dozir_writer;
comment on function registry.rotate_access_key(integer, text, bytea, timestamptz) is
  'Replaces a key by a new one; both work for a while.';
