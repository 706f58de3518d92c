create or replace function ledger.access_key_refusal(
  p_key registry.access_key, p_operator_active boolean, p_scope text
) returns text
  language sql stable parallel safe
  return case
    when (p_key).id is null then 'DZK01'
    when (p_key).revoked_at is not null then 'DZK02'
    when (p_key).expires_at <= transaction_timestamp() then 'DZK03'
    when not coalesce(p_operator_active, false) then 'DZK04'
    when not p_scope = any ((p_key).scopes) then 'DZK05'
    -- Test keys store nothing.
    when p_scope = 'submit' and (p_key).mode <> 'live' then 'DZK06'
  end;
comment on function ledger.access_key_refusal(registry.access_key, boolean, text) is
  'Why a key may not be used for a scope now, as SQLSTATE: unknown, revoked, expired, operator not '
  'active, scope missing, test key; null if it may.';
