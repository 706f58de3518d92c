create or replace function maintenance.count_some_players(p_rows integer) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Counts accounts of the next batches, some p_rows rows of them (a batch is never split), and returns
-- how many rows these had; null when nothing is left. The batches come in the order of the log: a
-- place in it is given after a batch has committed, to one after the other without a gap, so that what
-- commits late gets a late place and none is passed over. Place and counts move in one transaction,
-- under one lock: killed anywhere it has done nothing, and of two at once one waits.
declare
  counted bigint;
  oldest timestamptz;
  last_leaf bigint;
  row_total bigint;
  utc_day date;
  batches bigint[];
  received timestamptz[];
  kept_from date;
  added rollup.player_day[] := array[]::rollup.player_day[];
begin
  -- Looked at first: what begins to be stored after this has a later moment of arrival.
  select least(min(a.xact_start), clock_timestamp() - interval '1 second') into oldest
  from pg_stat_activity as a
  where a.usename = 'dozir_ingest' and a.datname = current_database() and a.xact_start is not null;

  select p.leaf_count, p.kept_from into counted, kept_from
  from rollup.player_progress as p for update;

  select max(n.leaf_index), sum(n.row_count)::bigint into last_leaf, row_total
  from (
    select
      l.leaf_index, b.row_count, sum(b.row_count) over (order by l.leaf_index) as running
    from (
      select x.leaf_index, x.entry_id from ledger.leaf as x
      where x.leaf_index >= counted order by x.leaf_index limit 20000
    ) as l
    cross join lateral (
      select coalesce(sum(s.row_count), 0) as row_count from ledger.batch as s
      where s.entry_id = l.entry_id
    ) as own
    cross join lateral (
      select coalesce(sum(s.row_count), 0) as row_count
      from ledger.earlier_batch as e join ledger.batch as s on s.id = e.batch_id
      where e.entry_id = l.entry_id
    ) as earlier
    cross join lateral (select own.row_count + earlier.row_count as row_count) as b
  ) as n
  where n.running - n.row_count < p_rows;

  if last_leaf is null then
    -- Nothing is left: all that arrived before this moment is counted. An entry without a place yet
    -- is of a batch that has committed.
    update rollup.player_progress as p
    set counted_until = greatest(p.counted_until, least(oldest, (
      select min(e.entered_at)
      from ledger.unsequenced as u join ledger.entry as e on e.id = u.entry_id
    )))
    where not exists (select from ledger.leaf as x where x.leaf_index >= counted);
    return null;
  end if;

  for utc_day, batches, received in
    with chosen as (
      select s.id, s.received_at, s.occurred_from, s.occurred_until
      from ledger.leaf as x
      join ledger.batch as s on s.entry_id = x.entry_id
      where x.leaf_index >= counted and x.leaf_index <= last_leaf
      union all
      select s.id, s.received_at, s.occurred_from, s.occurred_until
      from ledger.leaf as x
      join ledger.earlier_batch as e on e.entry_id = x.entry_id
      join ledger.batch as s on s.id = e.batch_id
      where x.leaf_index >= counted and x.leaf_index <= last_leaf
    )
    select (d.day at time zone 'UTC')::date, array_agg(c.id), array_agg(c.received_at)
    from chosen as c
    cross join lateral generate_series(
      date_trunc('day', greatest(
        c.occurred_from, kept_from::timestamp at time zone 'Europe/Kyiv'), 'UTC'),
      c.occurred_until, interval '1 day'
    ) as d (day)
    group by d.day
    order by d.day
  loop
    added := added || array(select r from rollup.new_player_rows(utc_day, batches, received) as r);
  end loop;
  -- All at once: planning it costs more than adding a few rows.
  perform rollup.add_players(added);

  update rollup.player_progress as p set leaf_count = last_leaf + 1;
  return row_total;
end
$body$;
alter function maintenance.count_some_players(integer) owner to dozir_writer;
comment on function maintenance.count_some_players(integer) is
  'Counts accounts of the next batches in the order of the log; how many rows, null when none is left.';
