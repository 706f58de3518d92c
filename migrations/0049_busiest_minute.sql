-- depends: 0048_paid_rounds
-- R01 tells the busiest minute, not the busiest hour: hours of arrival keep their records by minute. Those of
-- before are read off their batches, once; new ones wait meanwhile.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, ban-drop-table
set local lock_timeout = '10s';

alter table rollup.ingest_hour add column minute_rows bigint[] not null default '{}';

create unlogged table rollup.arrived_minute as
with arrived as (
  select
    b.operator_id,
    b.shard,
    b.access_key_id,
    b.row_count,
    date_bin('1 hour', b.received_at, '2000-01-01T00:00:00Z') as hour,
    floor(extract(epoch from b.received_at) / 60)::bigint % 60 as minute
  from ledger.batch as b
)

select
  a.operator_id,
  a.shard,
  a.access_key_id,
  a.hour,
  a.minute,
  sum(a.row_count)::bigint as row_count
from arrived as a
group by a.operator_id, a.shard, a.access_key_id, a.hour, a.minute;

-- Minutes without records are zeros, those after the last are left out.
with gaps as (
  select
    a.operator_id,
    a.shard,
    a.access_key_id,
    a.hour,
    a.minute,
    a.row_count,
    (a.minute - 1 - coalesce(lag(a.minute) over hours, -1))::integer as gap
  from rollup.arrived_minute as a
  window hours as (partition by a.operator_id, a.shard, a.access_key_id, a.hour order by a.minute)
),

hours as (
  select
    g.operator_id,
    g.shard,
    g.access_key_id,
    g.hour,
    string_agg(repeat('0,', g.gap) || g.row_count, ',' order by g.minute) as minutes
  from gaps as g
  group by g.operator_id, g.shard, g.access_key_id, g.hour
)

update rollup.ingest_hour as i set minute_rows = ('{' || h.minutes || '}')::bigint[]
from hours as h
where i.operator_id = h.operator_id and i.shard = h.shard and i.access_key_id = h.access_key_id
  and i.hour = h.hour;

with summed as (
  select
    a.shard,
    (a.hour at time zone 'Europe/Kyiv')::date as day,
    coalesce(a.operator_id, 0) as operator_id,
    coalesce(a.access_key_id, 0) as access_key_id,
    sum(a.row_count) as row_count
  from rollup.arrived_minute as a
  where a.hour < (select p.counted_until from rollup.arrival_progress as p)
  group by grouping sets (
    (a.shard, a.hour, a.minute, a.operator_id, a.access_key_id),
    (a.shard, a.hour, a.minute, a.operator_id),
    (a.shard, a.hour, a.minute)
  )
),

peaks as (
  select
    s.operator_id,
    s.shard,
    s.access_key_id,
    s.day,
    max(s.row_count) as row_count
  from summed as s
  group by s.operator_id, s.shard, s.access_key_id, s.day
)

update rollup.arrival_day as d set peak_row_count = p.row_count
from peaks as p
where d.operator_id = p.operator_id and d.shard = p.shard and d.access_key_id = p.access_key_id
  and d.day = p.day;

drop table rollup.arrived_minute;
