create or replace function api.operators_at_a_glance()
  returns table (
    operator_id integer, code text, name_uk text, name_en text, state text, licences_active bigint,
    licences bigint, venues bigint, websites bigint, mobile_applications bigint, equipment bigint,
    games bigint,
    changes_open bigint, live_keys bigint, last_data_at timestamptz, integration text
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Each operator on one line. Integration: none (no live key), waiting (key, no data yet), silent (no
-- data for a day), working.
begin
  return query
  with counted as (
    select
      n.operator_id,
      sum(n.record_count) filter (where n.kind = 'licence' and n.state = 'active') as licences_active,
      sum(n.record_count) filter (where n.kind = 'licence') as licences,
      sum(n.record_count) filter (where n.kind = 'venue' and n.state = 'active') as venues,
      sum(n.record_count) filter (where n.kind = 'website' and n.state = 'active') as websites,
      sum(n.record_count) filter (where n.kind = 'mobile_application' and n.state = 'active') as apps,
      sum(n.record_count) filter (where n.kind = 'equipment' and n.state = 'installed') as equipment,
      sum(n.record_count) filter (where n.kind = 'game' and n.state = 'active') as games
    from api.entry_count as n group by n.operator_id
  ),
  keyed as (
    select k.operator_id, count(*) as live from api.access_key as k
    where k.mode = 'live' and k.revoked_at is null and k.expires_at > statement_timestamp()
    group by k.operator_id
  ),
  changing as (
    select c.operator_id, count(*) as open from api.change as c
    where c.state in ('submitted', 'in_review', 'returned') group by c.operator_id
  )
  select
    e.record_id, e.code, e.title_uk::text, e.title_en::text, e.state,
    coalesce(n.licences_active, 0)::bigint, coalesce(n.licences, 0)::bigint, coalesce(n.venues, 0)::bigint,
    coalesce(n.websites, 0)::bigint, coalesce(n.apps, 0)::bigint, coalesce(n.equipment, 0)::bigint,
    coalesce(n.games, 0)::bigint, coalesce(c.open, 0), coalesce(k.live, 0), b.received_at,
    case
      when coalesce(k.live, 0) = 0 then 'none' when b.received_at is null then 'waiting'
      when b.received_at < statement_timestamp() - interval '1 day' then 'silent' else 'working'
    end
  from api.entry as e
  left join counted as n on n.operator_id = e.record_id
  left join keyed as k on k.operator_id = e.record_id
  left join changing as c on c.operator_id = e.record_id
  left join lateral (
    select l.received_at from api.batch as l
    where l.operator_id = e.record_id order by l.operator_sequence desc limit 1
  ) as b on true
  where e.kind = 'organiser' and e.recorded_until = 'infinity'
  order by e.title_uk, e.record_id;
end
$body$;
comment on function api.operators_at_a_glance() is
  'Operators with their licences, objects, open changes, keys and when their last data came.';
