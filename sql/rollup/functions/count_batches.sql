create or replace function rollup.count_batches(p_arrivals jsonb) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Counts accepted batches into their hour of arrival, once for each key (see ledger.accept_batches).
-- In plpgsql, where its plan is kept: it runs with every commit.
begin
  insert into rollup.ingest_hour as r (
    operator_id, shard, access_key_id, hour, batch_count, row_count, refusal_count, late_count,
    lag_histogram, last_at, minute_rows
  )
  select
    k.operator_id, ledger.shard(), a.access_key_id,
    public.time_bucket('1 hour', transaction_timestamp()), a.batch_count, a.row_count, 0,
    a.late_count, a.lag_histogram, transaction_timestamp(),
    api.minute_rows(transaction_timestamp(), a.row_count)
  from jsonb_to_recordset(p_arrivals) as a (
    access_key_id integer, batch_count bigint, row_count bigint, late_count bigint,
    lag_histogram bigint[]
  )
  cross join lateral (
    select own.operator_id from registry.access_key as own where own.id = a.access_key_id limit 1
  ) as k
  order by k.operator_id, a.access_key_id
  on conflict (operator_id, shard, access_key_id, hour) do update set
    batch_count = r.batch_count + excluded.batch_count,
    row_count = r.row_count + excluded.row_count,
    late_count = r.late_count + excluded.late_count,
    lag_histogram = rollup.add_histograms(r.lag_histogram, excluded.lag_histogram),
    last_at = greatest(r.last_at, excluded.last_at),
    minute_rows = rollup.add_histograms(r.minute_rows, excluded.minute_rows);
end
$body$;
alter function rollup.count_batches(jsonb) owner to dozir_writer;
comment on function rollup.count_batches(jsonb) is
  'Counts accepted batches into their hour of arrival, by access key.';
