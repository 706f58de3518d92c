create or replace function api.tasks_of_registry(p_kinds text[])
  returns table (
    kind text, severity smallint, operator_id integer, subject text, quantity bigint,
    since timestamptz, facts jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Tasks about what is registered, of the kinds asked for; see api.tasks_today for the columns.
--   licences  end within 30 days or ended within the last 7; quantity: days left, since: the end
--   keys      active access keys that expire within 30 days; quantity and since likewise
--   unused    live keys issued more than 7 days ago with which nothing was sent for 30 days
--   changes   what was changed today, by operator and table (subject)
--   waiting   changes that wait for a decision, by operator (0: an applicant) and register (subject)
--   returned  changes sent back to the operator to be mended, by register
declare
  moment constant timestamptz := statement_timestamp();
  midnight constant timestamptz :=
    date_trunc('day', moment at time zone 'Europe/Kyiv') at time zone 'Europe/Kyiv';
  used integer[];
begin
  if 'licences' = any (p_kinds) then
    return query
    select
      'licences',
      case when l.valid_until <= moment then 1 when l.valid_until <= moment + interval '7 days'
        then 2 else 3 end::smallint,
      l.operator_id, l.number, floor(extract(epoch from l.valid_until - moment) / 86400)::bigint,
      l.valid_until, jsonb_build_object('gambling_type', l.gambling_type_id)
    from api.licence as l
    join api.operator as o on o.id = l.operator_id
    where l.valid_until > moment - interval '7 days' and l.valid_until <= moment + interval '30 days'
      and o.active_until > moment;
  end if;
  if 'keys' = any (p_kinds) then
    return query
    select
      'keys', case when k.expires_at <= moment + interval '7 days' then 2 else 3 end::smallint,
      k.operator_id, k.label,
      floor(extract(epoch from k.expires_at - moment) / 86400)::bigint, k.expires_at,
      jsonb_build_object('key_id', k.key_id, 'mode', k.mode)
    from api.access_key as k
    where k.revoked_at is null and k.expires_at > moment
      and k.expires_at <= moment + interval '30 days';
  end if;
  if 'unused' = any (p_kinds) then
    used := array(select u.access_key_id from api.access_keys_in_use() as u);
    return query
    select
      'unused', 3::smallint, k.operator_id, k.label, 1::bigint, k.created_at,
      jsonb_build_object('key_id', k.key_id, 'mode', k.mode)
    from api.access_key as k
    where k.mode = 'live' and k.revoked_at is null and k.expires_at > moment
      and k.created_at <= moment - interval '7 days' and k.id <> all (used);
  end if;
  if 'changes' = any (p_kinds) then
    return query
    select
      'changes', 3::smallint, h.operator_id, h.table_name, count(*), min(h.changed_at),
      jsonb_build_object('last_at', max(h.changed_at), 'actors', count(distinct h.actor))
    from api.registry_history as h where h.changed_at >= midnight
    group by h.operator_id, h.table_name;
  end if;
  if 'waiting' = any (p_kinds) then
    return query
    select
      'waiting',
      case when min(c.submitted_at) <= moment - interval '10 days' then 1
        when min(c.submitted_at) <= moment - interval '3 days' then 2 else 3 end::smallint,
      coalesce(c.operator_id, 0), c.kind, count(*), min(c.submitted_at),
      jsonb_build_object(
        'in_review', count(*) filter (where c.state = 'in_review'), 'name_uk', k.plural_uk,
        'name_en', k.plural_en)
    from api.change as c
    join api.record_kind as k on k.kind = c.kind
    where c.state in ('submitted', 'in_review')
    group by c.operator_id, c.kind, k.plural_uk, k.plural_en;
  end if;
  if 'returned' = any (p_kinds) then
    return query
    select
      'returned', 2::smallint, coalesce(c.operator_id, 0), c.kind, count(*), min(v.happened_at),
      jsonb_build_object('name_uk', k.plural_uk, 'name_en', k.plural_en)
    from api.change as c
    join api.record_kind as k on k.kind = c.kind
    cross join lateral (
      select max(e.happened_at) as happened_at from api.change_event as e
      where e.change_id = c.id and e.action = 'return'
    ) as v
    where c.state = 'returned'
    group by c.operator_id, c.kind, k.plural_uk, k.plural_en;
  end if;
end
$body$;
comment on function api.tasks_of_registry(text[]) is
  'Tasks about licences, access keys and changes of the registry; only of the caller''s rows.';
