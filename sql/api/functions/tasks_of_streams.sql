create or replace function api.tasks_of_streams()
  returns table (
    kind text, severity smallint, operator_id integer, subject text, quantity bigint,
    since timestamptz, facts jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Gaps in the streams of operators; see api.tasks_today for the columns.
--
-- How many numbers an operator lacks follows from its head or, with several streams, from ends of indexes: what
-- its streams span, less its sequenced batches, which are its last gapless number less those sent without one. Only where
-- some are missing, and of the 100 operators that lack most, the last numbers of each stream are read to
-- tell which: 20,000 in all, at least 100 of each, so that a page which many look at stays cheap however
-- many lack something. Gaps among these before a batch younger than 10 minutes do not count yet, as
-- numbers may arrive out of order. At most 50 streams of an operator are looked at: with more, gaps cannot be told
-- from streams left out, and none are told.
declare
  moment constant timestamptz := statement_timestamp();
begin
  return query
  with recursive named as (
    select
      o.id, 1 as n,
      (select min(b.stream) from api.batch as b
        where b.operator_id = o.id and b.stream_sequence is not null) as stream
    from api.operator as o
    -- Of one stream the operator's head tells that nothing is missing.
    where not exists (
      select from api.stream_head as h
      where h.operator_id = o.id and not h.several_streams and (
        h.numbered_count = 0 or h.last_number::numeric - h.first_number + 1 <= h.numbered_count
      )
    )
    union all
    select
      s.id, s.n + 1,
      (select min(b.stream) from api.batch as b
        where b.operator_id = s.id and b.stream > s.stream and b.stream_sequence is not null)
    from named as s where s.stream is not null and s.n <= 50
  ),
  spans as (
    select s.id, s.stream, s.n, e.first_number, e.last_number
    from named as s
    cross join lateral (
      select min(b.stream_sequence) as first_number, max(b.stream_sequence) as last_number
      from api.batch as b where b.operator_id = s.id and b.stream = s.stream
    ) as e
    where s.stream is not null
  ),
  lacking as (
    select s.id, sum(s.last_number - s.first_number + 1) - x.sequenced as missing
    from spans as s
    cross join lateral (
      select
        (select max(b.operator_sequence) from api.batch as b where b.operator_id = s.id)
        - (select count(*) from api.batch as b
          where b.operator_id = s.id and b.stream_sequence is null) as sequenced
    ) as x
    group by s.id, x.sequenced
    having max(s.n) <= 50 and sum(s.last_number - s.first_number + 1) > x.sequenced
  ),
  looked_at as materialized (
    select l.id, s.stream
    from (select a.id from lacking as a order by a.missing desc limit 100) as l
    join spans as s on s.id = l.id
  ),
  gaps as (
    select s.id, s.stream, w.before + 1 as from_number, w.number - 1 as to_number, b.received_at
    from looked_at as s
    cross join lateral (
      select y.number, lag(y.number) over (order by y.number) as before
      from (
        select b.stream_sequence as number from api.batch as b
        where b.operator_id = s.id and b.stream = s.stream and b.stream_sequence is not null
        order by b.stream_sequence desc
        limit (select greatest(100, 20000 / count(*)) from looked_at)
      ) as y
    ) as w
    join api.batch as b
      on b.operator_id = s.id and b.stream = s.stream and b.stream_sequence = w.number
    where w.number > w.before + 1
  ),
  counted as (
    select
      l.id,
      (l.missing - coalesce(sum(g.to_number - g.from_number + 1)
        filter (where g.received_at > moment - interval '10 minutes'), 0))::bigint as missing,
      max(g.received_at) filter (where g.received_at <= moment - interval '10 minutes') as since
    from lacking as l left join gaps as g on g.id = l.id
    group by l.id, l.missing
  )
  select
    'gaps', case when c.since > moment - interval '1 day' then 1 else 2 end::smallint, c.id, '',
    c.missing, c.since,
    jsonb_build_object('gaps', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'stream', f.stream, 'from', f.from_number, 'to', f.to_number) order by f.received_at desc), '[]')
      from (
        select * from gaps as g
        where g.id = c.id and g.received_at <= moment - interval '10 minutes'
        order by g.received_at desc limit 5
      ) as f))
  from counted as c where c.missing > 0;
end
$body$;
comment on function api.tasks_of_streams() is
  'Tasks about numbers missing in the streams of operators; only those of the caller''s rows.';
