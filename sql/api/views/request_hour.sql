create or replace view api.request_hour with (security_invoker = true) as
select operator_id, shard, hour, access_key_id, endpoint, outcome, request_count, fault_count
from rollup.request_hour;
comment on view api.request_hour is 'Requests of the API by hour, access key, operation and outcome.';
