create or replace function api.missing_numbers(
  p_operator integer, p_before bigint default null, p_limit integer default 50,
  p_from timestamptz default null, p_until timestamptz default null
) returns table (
    operator_sequence bigint, stream text, from_number bigint, to_number bigint,
    before_batch_id bigint, after_batch_id bigint, noticed_at timestamptz
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Ranges of numbers that are missing between batches of one operator's streams, those noticed last first: a
-- gap is noticed by the batch after it, at whose arrival p_from and p_until bound them. p_before is the
-- last operator_sequence seen. Batches are looked at from the last back, each beside the number before
-- it in its stream, until as many numbers are found as are missing in all (api.report_completeness).
declare
  missing bigint;
  found bigint := 0::bigint;
  one record;
begin
  if p_before is null and p_from is null and p_until is null then
    select c.expected - c.received into missing from api.report_completeness(array[p_operator]) as c;
  end if;
  for one in
    select
      b.operator_sequence, b.stream, n.number + 1 as from_number, b.stream_sequence - 1 as to_number,
      n.id as before_id, b.id as after_id, b.received_at
    from api.batch as b
    cross join lateral (
      select e.stream_sequence as number, e.id
      from api.batch as e
      where e.operator_id = b.operator_id and e.stream = b.stream
        and e.stream_sequence < b.stream_sequence
      order by e.stream_sequence desc limit 1
    ) as n
    where b.operator_id = p_operator and b.stream_sequence is not null
      and b.stream_sequence > n.number + 1
      and (p_before is null or b.operator_sequence < p_before)
      and (p_from is null or b.received_at >= p_from)
      and (p_until is null or b.received_at < p_until)
    order by b.operator_sequence desc
    limit least(p_limit, 1000)
  loop
    operator_sequence := one.operator_sequence;
    stream := one.stream;
    from_number := one.from_number;
    to_number := one.to_number;
    before_batch_id := one.before_id;
    after_batch_id := one.after_id;
    noticed_at := one.received_at;
    return next;
    found := found + one.to_number - one.from_number + 1;
    exit when found >= missing;
  end loop;
end
$body$;
comment on function api.missing_numbers(integer, bigint, integer, timestamptz, timestamptz) is
  'Numbers missing in an operator''s streams, by range, with the batches around; noticed last first.';
