create or replace function api.report_completeness(p_operators integer[] default null)
  returns table (operator_id integer, expected bigint, received bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- For each operator that numbers its batches: how many numbers its streams span, and how many of those
-- batches are here, up to now. From ends of indexes alone, as api.tasks_of_streams does it: an operator's
-- sequenced batches are its last gapless number less those sent without one. An operator with more than
-- 50 streams is left out, as there gaps cannot be told from streams left out. Numbers are the operator's
-- own (up to 10^18): a span of more than 10^15 is told as that, so that sums of operators stay in a bigint.
begin
  return query
  with recursive named as (
    select
      o.id, 1 as n,
      (select min(b.stream) from api.batch as b
        where b.operator_id = o.id and b.stream_sequence is not null) as stream
    from api.operator as o
    where p_operators is null or o.id = any (p_operators)
    union all
    select
      s.id, s.n + 1,
      (select min(b.stream) from api.batch as b
        where b.operator_id = s.id and b.stream > s.stream and b.stream_sequence is not null)
    from named as s where s.stream is not null and s.n <= 50
  )
  select
    s.id, least(1000000000000000, sum(e.last_number - e.first_number + 1))::bigint,
    max(x.sequenced)::bigint
  from named as s
  cross join lateral (
    select min(b.stream_sequence) as first_number, max(b.stream_sequence) as last_number
    from api.batch as b where b.operator_id = s.id and b.stream = s.stream
  ) as e
  cross join lateral (
    select
      (select max(b.operator_sequence) from api.batch as b where b.operator_id = s.id)
      - (select count(*) from api.batch as b
        where b.operator_id = s.id and b.stream_sequence is null) as sequenced
  ) as x
  where s.stream is not null
  group by s.id
  having max(s.n) <= 50;
end
$body$;
comment on function api.report_completeness(integer[]) is
  'Numbers of batches that operators'' streams span, and how many of them have arrived.';
