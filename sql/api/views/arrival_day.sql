create or replace view api.arrival_day with (security_invoker = true) as
select
  operator_id, shard, access_key_id, day, batch_count, row_count, refusal_count, late_count,
  on_time_count, correction_count, peak_row_count, lag_histogram, last_at
from rollup.arrival_day;
comment on view api.arrival_day is
  'Arrivals by day, of hours that are over: by key, by operator (key 0), of all (operator 0).';
