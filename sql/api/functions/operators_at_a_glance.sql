create or replace function api.operators_at_a_glance(
  p_search text default '', p_integration text default null, p_sort text default 'title_uk',
  p_descending boolean default false, p_cursor text default null, p_backward boolean default false,
  p_limit integer default 50
) returns table (
    operator_id integer, code text, name_uk text, name_en text, state text, licences_active bigint,
    licences bigint, venues bigint, websites bigint, mobile_applications bigint, equipment bigint,
    games bigint, changes_open bigint, live_keys bigint, last_data_at timestamptz, integration text,
    cursor text
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- A page of operators, each on one line: those after a cursor, or those before it (backward), either way
-- in the list's order. Sorted by title_uk, title_en, last_data_at or one of the numbers; operators with
-- the same stand in the order of their ids. An index gives the order and all else is looked up for
-- the page alone, but for last_data_at, for which each operator's last batch is. Integration: see
-- api.operator_integration. Raises DZR04.
declare
  counted text[];
  sort_type text;
  sort_key text;
  row_id text := 'e.record_id';
  sources text := 'api.entry as e';
  conditions text;
  ids integer[];
  keys jsonb[];
  descending constant boolean := p_descending <> p_backward;
  direction constant text := case when descending then 'desc' else 'asc' end;
begin
  counted := case p_sort
    when 'licences_active' then array['licence', 'active'] when 'venues' then array['venue', 'active']
    when 'websites' then array['website', 'active'] when 'games' then array['game', 'active']
    when 'mobile_applications' then array['mobile_application', 'active']
    when 'equipment' then array['equipment', 'installed']
    when 'changes_open' then array['change', 'open']
  end;
  sort_type := case
    when counted is not null then 'bigint' when p_sort = 'last_data_at' then 'timestamptz'
    when p_sort in ('title_uk', 'title_en') then 'text collate "uk-x-icu"'
  end;
  if sort_type is null or p_limit not between 1 and 1001 then
    raise exception using errcode = 'DZR04', message = 'no such order or length of a list';
  end if;
  conditions := api.registry_conditions('organiser', '{}', p_search, null, true);
  sort_key := 'e.' || p_sort;
  if counted is not null then
    -- Every operator has its numbers, and nobody else: without a search they are all that is asked.
    sources := 'api.operator_count as n';
    if btrim(coalesce(p_search, '')) = '' then
      conditions := 'true';
    else
      sources := sources || ' join api.entry as e on e.record_id = n.operator_id';
    end if;
    conditions := conditions || format(' and n.kind = %L and n.state = %L', counted[1], counted[2]);
    sort_key := 'n.record_count';
    row_id := 'n.operator_id';
  end if;
  if p_integration is not null or p_sort = 'last_data_at' then
    sources := format('%s join api.operator_integration as i on i.operator_id = %s', sources, row_id);
  end if;
  if p_integration is not null then
    conditions := conditions || format(' and i.integration = %L', p_integration);
  end if;
  if p_sort = 'last_data_at' then
    sort_key := 'coalesce(i.last_data_at, ''-infinity'')';
  end if;
  conditions := conditions || api.place_condition(sort_key, sort_type, row_id, descending, p_cursor);
  execute format(
    'select array_agg(p.id), array_agg(to_jsonb(p.key)) from (select %1$s as id, %2$s as key from %3$s where %4$s'
    ' order by %2$s %5$s, %1$s %5$s limit %6$s) as p',
    row_id, sort_key, sources, conditions,
    direction, p_limit)
  into ids, keys;
  return query
  select
    e.record_id, e.code, e.title_uk::text, e.title_en::text, e.state, c.licences_active, c.licences,
    c.venues, c.websites, c.apps, c.equipment, c.games, c.changes_open, i.live_keys, i.last_data_at,
    i.integration,
    replace(encode(convert_to(jsonb_build_array(p.key, e.record_id)::text, 'UTF8'), 'base64'), e'\n', '')
  from unnest(ids, keys) with ordinality as p (id, key, place)
  join api.entry as e
    on e.kind = 'organiser' and e.record_id = p.id and e.recorded_until = 'infinity'
  join api.operator_integration as i on i.operator_id = p.id
  cross join lateral (
    select
      coalesce(sum(n.record_count) filter (where n.kind = 'licence' and n.state = 'active'), 0)::bigint
        as licences_active,
      coalesce(sum(n.record_count) filter (where n.kind = 'licence'), 0)::bigint as licences,
      coalesce(sum(n.record_count) filter (where n.kind = 'venue' and n.state = 'active'), 0)::bigint
        as venues,
      coalesce(sum(n.record_count) filter (where n.kind = 'website' and n.state = 'active'), 0)::bigint
        as websites,
      coalesce(sum(n.record_count)
        filter (where n.kind = 'mobile_application' and n.state = 'active'), 0)::bigint as apps,
      coalesce(sum(n.record_count) filter (where n.kind = 'equipment' and n.state = 'installed'), 0)::bigint
        as equipment,
      coalesce(sum(n.record_count) filter (where n.kind = 'game' and n.state = 'active'), 0)::bigint
        as games,
      coalesce(sum(n.record_count) filter (where n.kind = 'change' and n.state = 'open'), 0)::bigint
        as changes_open
    from api.operator_count as n where n.operator_id = p.id
  ) as c
  order by case when p_backward then -p.place else p.place end;
end
$body$;
comment on function api.operators_at_a_glance(text, text, text, boolean, text, boolean, integer) is
  'A page of operators with their licences, objects, open changes, keys and when their last data came.';
