create or replace function api.access_key_use(
  p_operator_id integer default null, p_access_key_id integer default null
) returns table (
    access_key_id integer, last_batch_hour timestamptz, last_refused_at timestamptz, last_refusal_code text,
    rows_30_days bigint, refusals_30_days bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- When each key, of one operator or only one, was last used and last refused, of the past 30 days: from
-- the counts by hour and the log of refusals, so that ingest writes nothing for it.
begin
  return query
  select
    k.id, u.last_hour, r.refused_at, r.code, coalesce(u.row_total, 0)::bigint,
    coalesce(u.refusal_total, 0)::bigint
  from api.access_key as k
  left join lateral (
    select
      max(i.hour) filter (where i.batch_count > 0) as last_hour, sum(i.row_count) as row_total,
      sum(i.refusal_count) as refusal_total
    from api.ingest_hour as i
    where i.operator_id = k.operator_id and i.access_key_id = k.id
      and i.hour > statement_timestamp() - interval '30 days'
  ) as u on true
  left join lateral (
    select f.refused_at, f.code from (
      select l.refused_at, l.code from api.refusal as l
      where l.access_key_id = k.id order by l.id desc limit 1
    ) as f where f.refused_at > statement_timestamp() - interval '30 days'
  ) as r on true
  where (p_operator_id is null or k.operator_id = p_operator_id)
    and (p_access_key_id is null or k.id = p_access_key_id);
end
$body$;
comment on function api.access_key_use(integer, integer) is
  'Last use and last refusal of access keys: of all, of one operator''s, or of one.';
