create or replace function api.live_arrivals(
  p_operator integer,
  p_since timestamptz,
  p_after pg_snapshot default null,
  p_until pg_snapshot default null,
  p_limit integer default 20
) returns table (
    snapshot text, as_of timestamptz, batch_count bigint, refusal_count bigint, seconds jsonb,
    batches jsonb, refusals jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What was accepted and refused, of one operator or of all (null), in one row:
--   snapshot   the transactions that this answer has seen: p_after of the next question
--   seconds    transactions by second of arrival (of Unix)
--   batches, refusals   the last of them, newest first, at most p_limit of each
-- With p_after it is what became visible after that snapshot, and with p_until no later than that
-- one: exact whatever the order of commits. Without p_after nothing is new: the counts are 0, the
-- last batches and refusals are given however old they are, the seconds are those since p_since.
-- p_since bounds what is read: no batch may have begun before it and become visible after p_after.
declare
  seen constant pg_snapshot := coalesce(p_until, pg_current_snapshot());
  last_batches jsonb;
  last_refusals jsonb;
begin
  if p_after is not null then
    return query
    with accepted as materialized (
      select b.id, b.operator_id, b.row_count, b.late_count, b.received_at, b.totals
      from api.batch as b
      where b.stored_xid >= pg_snapshot_xmin(p_after) and b.stored_xid < pg_snapshot_xmax(seen)
        and b.received_at >= p_since
        and (p_operator is null or b.operator_id = p_operator)
        and not pg_visible_in_snapshot(b.stored_xid, p_after)
        and pg_visible_in_snapshot(b.stored_xid, seen)
    ),
    refused as materialized (
      select r.id, r.operator_id, r.refused_at, r.status, r.code, r.error_count, r.row_count
      from api.refusal as r
      where r.stored_xid >= pg_snapshot_xmin(p_after) and r.stored_xid < pg_snapshot_xmax(seen)
        and r.refused_at >= p_since
        and (p_operator is null or r.operator_id = p_operator)
        and not pg_visible_in_snapshot(r.stored_xid, p_after)
        and pg_visible_in_snapshot(r.stored_xid, seen)
    ),
    counted as (
      select floor(extract(epoch from a.received_at))::bigint as second, sum(a.row_count) as rows
      from accepted as a
      group by 1
    )
    select
      seen::text, statement_timestamp(),
      (select count(*) from accepted), (select count(*) from refused),
      (select coalesce(jsonb_object_agg(c.second, c.rows), '{}') from counted as c),
      (select coalesce(jsonb_agg(to_jsonb(l)), '[]')
        from (select * from accepted as a order by a.received_at desc, a.id desc limit p_limit) as l),
      (select coalesce(jsonb_agg(to_jsonb(l)), '[]')
        from (select * from refused as r order by r.id desc limit p_limit) as l);
    return;
  end if;
  if p_operator is null then
    select jsonb_agg(to_jsonb(l)) into last_batches
    from (
      select b.id, b.operator_id, b.row_count, b.late_count, b.received_at, b.totals
      from api.batch as b
      order by b.received_at desc, b.id desc limit p_limit
    ) as l;
    select jsonb_agg(to_jsonb(l)) into last_refusals
    from (
      select r.id, r.operator_id, r.refused_at, r.status, r.code, r.error_count, r.row_count
      from api.refusal as r
      order by r.id desc limit p_limit
    ) as l;
  else
    select jsonb_agg(to_jsonb(l)) into last_batches
    from (
      select b.id, b.operator_id, b.row_count, b.late_count, b.received_at, b.totals
      from api.batch as b
      where b.operator_id = p_operator
      order by b.operator_sequence desc limit p_limit
    ) as l;
    select jsonb_agg(to_jsonb(l)) into last_refusals
    from (
      select r.id, r.operator_id, r.refused_at, r.status, r.code, r.error_count, r.row_count
      from api.refusal as r
      where r.operator_id = p_operator
      order by r.id desc limit p_limit
    ) as l;
  end if;
  return query
  with counted as (
    select floor(extract(epoch from b.received_at))::bigint as second, sum(b.row_count) as rows
    from api.batch as b
    where b.received_at >= p_since and (p_operator is null or b.operator_id = p_operator)
    group by 1
  )
  select
    seen::text, statement_timestamp(), 0::bigint, 0::bigint,
    (select coalesce(jsonb_object_agg(c.second, c.rows), '{}') from counted as c),
    coalesce(last_batches, '[]'), coalesce(last_refusals, '[]');
end
$body$;
comment on function api.live_arrivals(integer, timestamptz, pg_snapshot, pg_snapshot, integer) is
  'What was accepted and refused since a snapshot, exact whatever the order of commits.';
