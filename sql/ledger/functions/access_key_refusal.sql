create or replace function ledger.access_key_refusal(
  p_key registry.access_key, p_operator registry.operator, p_scope text, p_address inet default null
) returns text
  language sql stable parallel safe
  -- Without a sub-select, so that queries inline it.
  return case
    when (p_key).id is null then 'DZK01'
    when (p_key).revoked_at is not null then 'DZK02'
    when (p_key).expires_at <= transaction_timestamp() then 'DZK03'
    when (
      (p_operator).active_from <= transaction_timestamp()
      and transaction_timestamp() < (p_operator).active_until
    ) is not true then 'DZK04'
    when p_scope <> 'validate' and (p_key).mode <> 'live' then 'DZK06'
    when not case p_scope when 'validate' then 'submit' else p_scope end = any((p_key).scopes)
      then 'DZK05'
    when cardinality((p_key).allowed_addresses) > 0
      and not registry.is_within(p_address, (p_key).allowed_addresses)
      then 'DZK08'
  end;
comment on function ledger.access_key_refusal(registry.access_key, registry.operator, text, inet) is
  'Why a key may not be used now, as SQLSTATE: unknown, revoked, expired, operator not active, test '
  'key, scope missing, not from this address; null if it may. The scope is submit, read, or validate, '
  'which needs the scope submit and alone is open to test keys.';
