create or replace function api.report_completeness(
  p_operators integer[] default null, p_as_of timestamptz default null
) returns table (operator_id integer, expected bigint, received bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- For each operator that numbers its batches: how many numbers its streams span, and how many of those
-- batches are here, up to now or to a past moment. Up to now an operator's head tells it of one stream; of
-- several, and of a past moment, the ends of indexes do, as in api.tasks_of_streams. An operator with more than
-- 50 streams is left out, as there gaps cannot be told from streams left out. Numbers are the operator's
-- own (up to 10^18): a span of more than 10^15 is told as that, so that sums of operators stay in a bigint.
-- As of a moment all batches that came since are passed over, and an operator that had sent none is left out.
begin
  return query
  select
    h.operator_id, least(1000000000000000, h.last_number::numeric - h.first_number + 1)::bigint,
    h.numbered_count
  from api.stream_head as h
  where p_as_of is null and h.numbered_count > 0 and not h.several_streams
    and (p_operators is null or h.operator_id = any (p_operators));
  return query
  with recursive ends as materialized (
    select
      o.id, f.stream as first_stream, f.number as first_number, l.stream as last_stream, l.number as last_number
    from api.operator as o
    cross join lateral (
      select b.stream, b.stream_sequence as number
      from api.batch as b
      where b.operator_id = o.id and b.stream_sequence is not null
        and (p_as_of is null or b.received_at <= p_as_of)
      order by b.stream, b.stream_sequence
      limit 1
    ) as f
    cross join lateral (
      select b.stream, b.stream_sequence as number
      from api.batch as b
      where b.operator_id = o.id and b.stream_sequence is not null
        and (p_as_of is null or b.received_at <= p_as_of)
      order by b.stream desc, b.stream_sequence desc
      limit 1
    ) as l
    where (p_operators is null or o.id = any (p_operators)) and (p_as_of is not null or not exists (
      select from api.stream_head as h
      where h.operator_id = o.id and not h.several_streams
    ))
  ),
  -- Most have one stream; of those that have more each is looked for.
  named as (
    select e.id, 1 as n, e.first_stream as stream from ends as e where e.first_stream <> e.last_stream
    union all
    select
      s.id, s.n + 1,
      (select min(b.stream) from api.batch as b
        where b.operator_id = s.id and b.stream > s.stream and b.stream_sequence is not null
          and (p_as_of is null or b.received_at <= p_as_of))
    from named as s where s.stream is not null and s.n <= 50
  ),
  spans as (
    select e.id, (e.last_number - e.first_number + 1)::numeric as numbers
    from ends as e where e.first_stream = e.last_stream
    union all
    select s.id, sum(m.last_number - m.first_number + 1)
    from named as s
    cross join lateral (
      select min(b.stream_sequence) as first_number, max(b.stream_sequence) as last_number
      from api.batch as b
      where b.operator_id = s.id and b.stream = s.stream and (p_as_of is null or b.received_at <= p_as_of)
    ) as m
    where s.stream is not null
    group by s.id
    having max(s.n) <= 50
  ),
  since as materialized (
    select b.operator_id as id, count(*) as batches
    from api.batch as b
    where p_as_of is not null and b.received_at > p_as_of and b.stream_sequence is not null
      and (p_operators is null or b.operator_id = any (p_operators))
    group by b.operator_id
  )
  select
    p.id, least(1000000000000000, p.numbers)::bigint,
    coalesce(
      (select h.numbered_count from api.stream_head as h where h.operator_id = p.id),
      (select max(b.operator_sequence) from api.batch as b where b.operator_id = p.id)
      - (select count(*) from api.batch as b where b.operator_id = p.id and b.stream_sequence is null))
    - coalesce((select s.batches from since as s where s.id = p.id), 0)
  from spans as p;
end
$body$;
comment on function api.report_completeness(integer[], timestamptz) is
  'Numbers of batches that operators'' streams span, and how many of them have arrived.';
