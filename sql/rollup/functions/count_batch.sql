create or replace function rollup.count_batch(
  p_operator_id integer,
  p_access_key_id integer,
  p_row_count integer,
  p_late_count integer,
  p_lag_histogram integer[]
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- In plpgsql, where its plan is kept: it runs once for every batch.
begin
  insert into rollup.ingest_hour as r (
    operator_id, shard, access_key_id, hour, batch_count, row_count, refusal_count, late_count,
    lag_histogram, last_at
  ) values (
    p_operator_id, ledger.shard(), p_access_key_id,
    public.time_bucket('1 hour', transaction_timestamp()), 1, p_row_count, 0, p_late_count,
    p_lag_histogram::bigint[], transaction_timestamp()
  )
  on conflict (operator_id, shard, access_key_id, hour) do update set
    batch_count = r.batch_count + 1,
    row_count = r.row_count + excluded.row_count,
    late_count = r.late_count + excluded.late_count,
    lag_histogram = rollup.add_histograms(r.lag_histogram, excluded.lag_histogram),
    last_at = greatest(r.last_at, excluded.last_at);
end
$body$;
alter function rollup.count_batch(integer, integer, integer, integer, integer[]) owner to dozir_writer;
comment on function rollup.count_batch(integer, integer, integer, integer, integer[]) is
  'Counts one accepted batch into its hour of arrival.';
