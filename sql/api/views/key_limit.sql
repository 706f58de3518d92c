create or replace view api.key_limit with (security_invoker = true) as
select rows_per_s, burst_rows, bytes_per_s, burst_bytes
from registry.key_limit;
comment on view api.key_limit is 'What an access key may send that has no limits of its own.';
