create or replace view api.request_day with (security_invoker = true) as
select operator_id, shard, day, access_key_id, endpoint, outcome, request_count, fault_count
from rollup.request_day;
comment on view api.request_day is 'Requests of the API by day, access key, operation and outcome.';
