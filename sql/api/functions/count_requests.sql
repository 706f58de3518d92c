create or replace function api.count_requests(
  p_hours timestamptz[], p_operators integer[], p_access_keys integer[], p_endpoints text[],
  p_outcomes text[], p_requests bigint[], p_faults bigint[]
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Adds what a worker has counted since it last did, each place of the arrays one sum. In one order, so
-- that two workers never wait for each other in a circle; what a crash loses of it are seconds, so that
-- nobody waits for the disk.
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into rollup.request_hour as r (
    operator_id, shard, hour, access_key_id, endpoint, outcome, request_count, fault_count
  )
  select
    u.operator_id, ledger.shard(), u.hour, u.access_key_id, u.endpoint, u.outcome, sum(u.requests), sum(u.faults)
  from unnest(p_operators, p_hours, p_access_keys, p_endpoints, p_outcomes, p_requests, p_faults)
    as u (operator_id, hour, access_key_id, endpoint, outcome, requests, faults)
  group by u.hour, u.operator_id, u.access_key_id, u.endpoint, u.outcome
  order by u.hour, u.operator_id, u.access_key_id, u.endpoint, u.outcome
  on conflict (hour, operator_id, access_key_id, endpoint, outcome, shard) do update set
    request_count = r.request_count + excluded.request_count,
    fault_count = r.fault_count + excluded.fault_count;
  insert into rollup.request_day as r (
    operator_id, shard, day, access_key_id, endpoint, outcome, request_count, fault_count
  )
  select
    u.operator_id, ledger.shard(), (u.hour at time zone 'Europe/Kyiv')::date, u.access_key_id, u.endpoint,
    u.outcome, sum(u.requests), sum(u.faults)
  from unnest(p_operators, p_hours, p_access_keys, p_endpoints, p_outcomes, p_requests, p_faults)
    as u (operator_id, hour, access_key_id, endpoint, outcome, requests, faults)
  group by (u.hour at time zone 'Europe/Kyiv')::date, u.operator_id, u.access_key_id, u.endpoint, u.outcome
  order by (u.hour at time zone 'Europe/Kyiv')::date, u.operator_id, u.access_key_id, u.endpoint, u.outcome
  on conflict (day, operator_id, access_key_id, endpoint, outcome, shard) do update set
    request_count = r.request_count + excluded.request_count,
    fault_count = r.fault_count + excluded.fault_count;
end
$body$;
alter function api.count_requests(
  timestamptz[], integer[], integer[], text[], text[], bigint[], bigint[]
) owner to dozir_writer;
comment on function api.count_requests(
  timestamptz[], integer[], integer[], text[], text[], bigint[], bigint[]
) is 'Adds requests of the API to their hours and days: what a worker has counted since it last did.';
