create or replace function rollup.count_refusal(p_operator_id integer, p_access_key_id integer)
  returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  insert into rollup.ingest_hour as r (
    operator_id, shard, access_key_id, hour, batch_count, row_count, refusal_count, late_count,
    lag_histogram, last_at
  ) values (
    p_operator_id, ledger.shard(), p_access_key_id,
    public.time_bucket('1 hour', transaction_timestamp()), 0, 0, 1, 0, '{}',
    transaction_timestamp()
  )
  on conflict (operator_id, shard, access_key_id, hour) do update set
    refusal_count = r.refusal_count + 1,
    last_at = greatest(r.last_at, excluded.last_at);
end;
alter function rollup.count_refusal(integer, integer) owner to dozir_writer;
comment on function rollup.count_refusal(integer, integer) is
  'Counts one refused batch into its hour of arrival.';
