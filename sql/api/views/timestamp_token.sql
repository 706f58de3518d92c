create or replace view api.timestamp_token with (security_invoker = true) as
select size, authority, stamped_at, token
from ledger.timestamp_token;
comment on view api.timestamp_token is 'RFC 3161 time-stamps of checkpoints.';
