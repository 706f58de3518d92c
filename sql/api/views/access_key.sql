create or replace view api.access_key with (security_invoker = true) as
select
  id, operator_id, key_id, label, mode, scopes, manual, created_at, expires_at, revoked_at,
  rows_per_s, burst_rows, bytes_per_s, burst_bytes, allowed_addresses, rotated_from
from registry.access_key;
comment on view api.access_key is 'Access keys, without anything a secret could be tried against.';
