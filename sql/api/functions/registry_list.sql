create or replace function api.registry_list(
  p_kind text, p_filters jsonb default '{}', p_search text default '', p_sort text default 'title_uk',
  p_descending boolean default false, p_cursor text default null, p_backward boolean default false,
  p_limit integer default 50, p_as_of timestamptz default null, p_among integer[] default null
) returns table (
    record_id integer, version integer, operator_id integer, code text, title_uk text, title_en text,
    state text, state_until timestamptz, since timestamptz, until timestamptz, document jsonb,
    recorded_from timestamptz, cursor text
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- A page of a register in the order asked for: the rows after a cursor, or those before it (backward);
-- either way in the list's order. A row's cursor is where it stands. As of: what the registry said at
-- that moment (recorded time); without it, what it says now. Among: the ids of the page as
-- api.registry_facets found them under the same filters and search, which are not looked for again.
-- Raises DZR04.
declare
  sort_type text;
  place text;
  conditions text;
  base text;
  page text;
  ids integer[];
  versions integer[];
  attributes text[];
  by_attribute text[];
  hits integer[];
  descending constant boolean := p_descending <> p_backward;
  direction constant text := case when descending then 'desc' else 'asc' end;
begin
  sort_type := api.registry_sort_type(p_sort);
  if sort_type is null or p_limit not between 1 and 1001 then
    raise exception using errcode = 'DZR04', message = 'no such order or length of a list';
  end if;
  place := api.place_condition('e.' || p_sort, sort_type, 'e.record_id', descending, p_cursor);
  conditions := api.registry_conditions(p_kind, p_filters, p_search, p_as_of, false);
  page := format(
    'select array_agg(p.record_id), array_agg(p.version) from (select e.record_id, e.version from %%s as e'
    ' where %%s order by e.%1$I %2$s, e.record_id %2$s limit %3$s) as p', p_sort, direction, p_limit);
  -- Filters by attributes that no column of the index has.
  select array_agg(d.name), array_agg(d.condition) into attributes, by_attribute
  from (
    select j.key as name, api.attribute_condition(j.key, array(select jsonb_array_elements_text(
      case jsonb_typeof(j.value) when 'array' then j.value else jsonb_build_array(j.value) end))) as condition
    from jsonb_each(p_filters) as j
    join api.record_kind as k on k.kind = p_kind
    where j.key not in ('operator', 'state') and j.key is distinct from k.facet_a
      and j.key is distinct from k.facet_b
  ) as d where d.condition is not null;
  base := api.registry_conditions(p_kind, p_filters - coalesce(attributes, '{}'), '', p_as_of, true) || place;
  if p_among is not null then
    execute format(page, 'api.entry', base || ' and e.record_id = any ($1)') into ids, versions using p_among;
  elsif btrim(coalesce(p_search, '')) = '' and by_attribute is null then
    execute format(page, 'api.entry', base) into ids, versions;
  else
    -- What is found often is soon found on the way.
    execute format(page,
      format('(select * from api.entry as e where %s order by e.%I %s, e.record_id %3$s limit 3000)',
        base, p_sort, direction),
      conditions)
    into ids, versions;
    if coalesce(cardinality(ids), 0) < p_limit then
      -- What is found rarely the indexes know, of search and of attributes.
      base := api.registry_conditions(p_kind, p_filters, p_search, p_as_of, true) || place;
      if by_attribute is not null then
        execute format('select array_agg(h.record_id) from (select d.record_id from api.entry_document as d'
          ' where d.kind = %L and %s limit 20001) as h', p_kind, array_to_string(by_attribute, ' and '))
        into hits;
        if coalesce(cardinality(hits), 0) <= 20000 then
          base := base || format(' and e.record_id = any (%L::integer[])', coalesce(hits, '{}'));
        end if;
      end if;
      if btrim(p_search) !~ '\s' and strpos(base, ' is true') > 0 then
        -- One word that every tenth record has, at least: the way in order ends before all are looked at.
        execute format(page, 'api.entry', base) into ids, versions;
      else
        execute format(page, format('(select * from api.entry as e where %s offset 0)', base), 'true')
        into ids, versions;
      end if;
    end if;
  end if;
  -- Documents of these rows alone are read.
  return query execute format(
    'select e.record_id, e.version, e.operator_id, e.code, e.title_uk::text, e.title_en::text,'
    ' e.state, nullif(e.state_until, ''infinity''), nullif(e.since, ''-infinity''),'
    ' nullif(e.until, ''infinity''), e.document, e.recorded_from,'
    ' replace(encode(convert_to(jsonb_build_array(e.%1$I, e.record_id)::text, ''UTF8''), ''base64''), e''\n'', '''')'
    ' from unnest($1, $2) with ordinality as p (record_id, version, place)'
    ' join api.entry as e on e.kind = %2$L and e.record_id = p.record_id and e.version = p.version'
    ' order by p.place %3$s', p_sort, p_kind, case when p_backward then 'desc' else 'asc' end)
  using ids, versions;
end
$body$;
comment on function api.registry_list(
  text, jsonb, text, text, boolean, text, boolean, integer, timestamptz, integer[]
) is 'A page of one register: filtered, searched, sorted; now or as of a moment.';
