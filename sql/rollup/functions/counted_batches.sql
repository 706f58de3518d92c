create or replace function rollup.counted_batches(p_from timestamptz, p_until timestamptz)
  returns table (batch_id bigint, received_at timestamptz)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Batches with rows in a period that are counted into rollup.player_day: those whose place in the
-- log is below rollup.player_progress.leaf_count. None has rows of later than minutes after its
-- arrival: with two days more than enough, the index of arrivals bounds what is read.
begin
  return query
  select b.id, b.received_at
  from ledger.batch as b
  left join ledger.earlier_batch as e on e.batch_id = b.id
  join ledger.leaf as l on l.entry_id = coalesce(b.entry_id, e.entry_id)
  where b.received_at >= p_from - interval '2 days'
    and b.occurred_until >= p_from and b.occurred_from < p_until
    and l.leaf_index < (select p.leaf_count from rollup.player_progress as p);
end
$body$;
comment on function rollup.counted_batches(timestamptz, timestamptz) is
  'Batches of a period that are counted into accounts already.';
