create or replace function api.integration(p_operators integer[] default null)
  returns table (
    operator_id integer, code text, name_uk text, name_en text, licensed_from timestamptz,
    licences_in_force bigint, people bigint, places bigint, games bigint, keys bigint,
    first_batch_at timestamptz, last_batch_at timestamptz, declared_until date, equipment bigint,
    equipment_seen bigint, undone text[], keys_due date, data_due date, equipment_due date,
    overdue text[]
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- How far each licensee is connected, from what the registers and the ledger hold now; nothing is kept by
-- hand. The steps in order: licence (in force), people (who may enter), places, keys, data (a first batch),
-- sending (a batch within 24 hours), declarations (of the day before yesterday or a later one), equipment
-- (each piece in force has brought a record within seven days). undone: those that are not done, in their
-- order. Due days are of registry.connection_deadline. An operator sees itself.
declare
  moment constant timestamptz := statement_timestamp();
  today constant date := (moment at time zone 'Europe/Kyiv')::date;
begin
  return query
  with counted as (
    select
      c.operator_id as id,
      sum(c.record_count) filter (where c.kind = 'licence' and c.state = 'active')::bigint as licences,
      sum(c.record_count) filter (where c.kind = 'representative' and c.state = 'active')::bigint as people,
      sum(c.record_count) filter (
        where c.kind in ('venue', 'website', 'mobile_application') and c.state = 'active')::bigint as places,
      sum(c.record_count) filter (where c.kind = 'game' and c.state = 'active')::bigint as games,
      sum(c.record_count) filter (where c.kind = 'access_key' and c.state = 'live')::bigint as keys,
      sum(c.record_count) filter (where c.kind = 'equipment' and c.state = 'installed')::bigint as equipment
    from api.operator_count as c
    where p_operators is null or c.operator_id = any (p_operators)
    group by c.operator_id
  ),
  seen as (
    select r.operator_id as id, count(*) as pieces
    from api.equipment_played(today - 6, today, p_operators) as r
    group by r.operator_id
  ),
  due as (
    select
      max(d.due_on) filter (where d.step = 'keys') as keys_on,
      max(d.days_after) filter (where d.step = 'keys') as keys_after,
      max(d.due_on) filter (where d.step = 'data') as data_on,
      max(d.days_after) filter (where d.step = 'data') as data_after,
      max(d.due_on) filter (where d.step = 'equipment') as equipment_on,
      max(d.days_after) filter (where d.step = 'equipment') as equipment_after
    from api.connection_deadline as d where d.replaced_at is null
  ),
  facts as (
    select
      o.id, o.code, o.name_uk, o.name_en, l.since, coalesce(c.licences, 0) as licences,
      coalesce(c.people, 0) as people, coalesce(c.places, 0) as places, coalesce(c.games, 0) as games,
      coalesce(c.keys, 0) as keys, f.received_at as first_at, e.received_at as last_at, y.day as declared,
      coalesce(c.equipment, 0) as equipment, least(coalesce(s.pieces, 0), coalesce(c.equipment, 0)) as pieces,
      coalesce(u.keys_on, l.day + u.keys_after) as keys_due, coalesce(u.data_on, l.day + u.data_after) as data_due,
      coalesce(u.equipment_on, l.day + u.equipment_after) as equipment_due
    from api.operator as o
    cross join due as u
    left join counted as c on c.id = o.id
    left join seen as s on s.id = o.id
    left join lateral (
      select min(x.valid_from) as since, (min(x.valid_from) at time zone 'Europe/Kyiv')::date as day
      from api.licence as x where x.operator_id = o.id
    ) as l on true
    left join lateral (
      select b.received_at from api.batch as b where b.operator_id = o.id order by b.operator_sequence limit 1
    ) as f on true
    left join lateral (
      select b.received_at from api.batch as b where b.operator_id = o.id order by b.operator_sequence desc limit 1
    ) as e on true
    left join lateral (
      select d.day from api.declared_day as d where d.operator_id = o.id order by d.day desc limit 1
    ) as y on true
    where o.active_until > moment and (p_operators is null or o.id = any (p_operators))
  ),
  judged as (
    select
      f.*, array[
        f.licences > 0, f.people > 0, f.places > 0, f.keys > 0, f.first_at is not null,
        coalesce(f.last_at > moment - interval '24 hours', false), coalesce(f.declared >= today - 2, false),
        f.pieces >= f.equipment
      ] as steps
    from facts as f
  )
  select
    j.id, j.code, j.name_uk, j.name_en, j.since, j.licences, j.people, j.places, j.games, j.keys, j.first_at,
    j.last_at, j.declared, j.equipment, j.pieces, array(
      select u.name from unnest(
        array['licence', 'people', 'places', 'keys', 'data', 'sending', 'declarations', 'equipment'], j.steps
      ) with ordinality as u (name, done, place)
      where not u.done order by u.place),
    j.keys_due, j.data_due, j.equipment_due,
    array_remove(array[
      case when j.keys_due < today and not j.steps[4] then 'keys' end,
      case when j.data_due < today and not j.steps[5] then 'data' end,
      case when j.equipment_due < today and not j.steps[8] then 'equipment' end], null)
  from judged as j
  order by cardinality(array_remove(j.steps, false)), j.code;
end
$body$;
comment on function api.integration(integer[]) is
  'How far each licensee is connected, step by step, against the deadlines.';
