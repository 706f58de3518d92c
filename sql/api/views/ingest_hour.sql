create or replace view api.ingest_hour with (security_invoker = true) as
select
  operator_id, shard, access_key_id, hour, batch_count, row_count, refusal_count, late_count,
  lag_histogram, last_at, minute_rows
from rollup.ingest_hour;
comment on view api.ingest_hour is 'Batches and refusals by hour of arrival and access key.';
