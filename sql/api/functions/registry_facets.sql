create or replace function api.registry_facets(
  p_kind text, p_filters jsonb default '{}', p_search text default '', p_as_of timestamptz default null,
  p_sort text default null, p_descending boolean default false, p_cursor text default null,
  p_backward boolean default false, p_limit integer default 50
) returns table (facet text, value text, record_count bigint, more boolean)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- How many records each choice of a facet would show, the other filters kept; and in all (facet
-- "total"). Exact, from counts kept at commit; under a search, as of a moment, or a filter on another
-- attribute records are counted one by one, up to 10,000 (more: there are more). Where that
-- were all, and an order is given, facet "page" has the ids of the page of the list that the other
-- arguments ask api.registry_list for: so that it need not look for them again. Raises DZR04.
declare
  k api.record_kind;
  names text[];
  base jsonb;
  own jsonb;
  conditions text;
  counted text;
  hits text := '';
  page text := '';
  sort_type text;
  one_by_one boolean;
  descending constant boolean := p_descending <> p_backward;
  -- Whether a row has what is chosen of a facet, or nothing is.
  fits constant text := '($1 -> %3$s is null or $1 -> %3$s ? %1$s.%2$s) is true';
begin
  select * into k from api.record_kind as r where r.kind = p_kind;
  if not found or jsonb_typeof(p_filters) <> 'object' then
    raise exception using errcode = 'DZR04', message = 'no such kind of record, or no filters';
  end if;
  names := array_remove(array['state', k.facet_a, k.facet_b], null);
  -- Filters by a facet are left out of what is counted and tell its rows apart: one pass for all.
  base := p_filters - names;
  own := coalesce((
    select jsonb_object_agg(j.key, case jsonb_typeof(j.value) when 'array' then j.value
      else jsonb_build_array(j.value #>> '{}') end)
    from jsonb_each(p_filters) as j where j.key = any (names) and j.value <> '[]'), '{}');
  conditions := api.registry_conditions(p_kind, base, p_search, p_as_of, true);
  one_by_one := coalesce(btrim(p_search), '') <> '' or p_as_of is not null or base - 'operator' <> '{}';
  if not one_by_one then
    counted := 'select e.state, e.facet_a, e.facet_b, sum(e.record_count) as n, false as more'
      ' from api.entry_count as e where ' || replace(conditions, ' and e.recorded_until = ''infinity''', '')
      || ' group by 1, 2, 3';
  else
    sort_type := api.registry_sort_type(coalesce(p_sort, 'code'));
    if sort_type is null or p_limit not between 1 and 1001 then
      raise exception using errcode = 'DZR04', message = 'no such order or length of a list';
    end if;
    hits := format('hits as materialized (select e.state, e.facet_a, e.facet_b, e.record_id, e.%I as key'
      ' from api.entry as e where %s limit 10001), ', coalesce(p_sort, 'code'), conditions);
    counted := 'select h.state, h.facet_a, h.facet_b, count(*) as n, sum(count(*)) over () > 10000 as more'
      ' from hits as h group by 1, 2, 3';
    if p_sort is not null then
      page := format(
        ' union all select ''page'', array(select h.record_id from hits as h where %s%s%s%s'
        ' order by h.key %s, h.record_id %5$s limit %s)::text, 0::bigint, false'
        ' where not exists (select from c where c.more)',
        format(fits, 'h', 'state', '''state'''), format(' and ' || fits, 'h', 'facet_a', '$2'),
        format(' and ' || fits, 'h', 'facet_b', '$3'),
        api.place_condition('h.key', sort_type, 'h.record_id', descending, p_cursor),
        case when descending then 'desc' else 'asc' end, p_limit);
    end if;
  end if;
  return query execute
    'with ' || hits || 'c as materialized (select x.*, ' || format(fits, 'x', 'state', '''state''')
    || ' as fits_state, ' || format(fits, 'x', 'facet_a', '$2') || ' as fits_a, '
    || format(fits, 'x', 'facet_b', '$3') || ' as fits_b from (' || counted || ') as x)'
    ' select v.facet, coalesce(v.value, ''''), case when bool_or(c.more) then least(sum(c.n), 10000)'
    ' else sum(c.n) end::bigint, bool_or(c.more) from c'
    ' cross join lateral (values (''total'', '''', c.fits_state and c.fits_a and c.fits_b),'
    ' (''state'', c.state, c.fits_a and c.fits_b), ($2, c.facet_a, c.fits_state and c.fits_b),'
    ' ($3, c.facet_b, c.fits_state and c.fits_a)) as v (facet, value, fits)'
    ' where v.facet is not null and v.fits'
    ' group by 1, 2 having sum(c.n) > 0' || page || ' order by 1, 3 desc, 2'
  using own, k.facet_a, k.facet_b;
end
$body$;
comment on function api.registry_facets(
  text, jsonb, text, timestamptz, text, boolean, text, boolean, integer
) is
  'Counts of records by facet, for the filters of a list.';
