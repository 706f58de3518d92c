create or replace function api.registry_facets(
  p_kind text, p_filters jsonb default '{}', p_search text default '', p_as_of timestamptz default null
) returns table (facet text, value text, record_count bigint, more boolean)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- How many records each choice of a facet would show, the other filters kept; and in all (facet
-- "total"). Exact, from counts kept at commit; under a search, as of a moment, or a filter on another
-- attribute records are counted one by one, up to 10,000 (more: there are as many or more).
declare
  k api.record_kind;
  names text[];
  conditions text;
  counted text;
  own text[];
begin
  select * into k from api.record_kind as r where r.kind = p_kind;
  if not found then
    raise exception using errcode = 'DZR04', message = 'no such kind of record';
  end if;
  names := array_remove(array['total', 'state', k.facet_a, k.facet_b], null);
  -- Facets that filter are counted each under the others' filters; all else in one go.
  own := array(select u.n from unnest(names) as u (n) where p_filters ? u.n);
  if coalesce(btrim(p_search), '') = '' and p_as_of is null and not exists (
    select from jsonb_object_keys(p_filters) as j (name)
    where j.name <> 'operator' and j.name <> all (names)
  ) then
    counted := 'select e.state, e.facet_a, e.facet_b, e.record_count as n, false as more'
      ' from api.entry_count as e where %s';
  else
    counted := 'select h.state, h.facet_a, h.facet_b, 1::bigint as n, count(*) over () >= 10000 as more from'
      ' (select e.state, e.facet_a, e.facet_b from api.entry as e where %s limit 10000) as h';
  end if;
  for i in 0 .. cardinality(own) loop
    conditions := api.registry_conditions(
      p_kind, p_filters, p_search, p_as_of, case when i > 0 then own[i] end);
    if counted like '%entry_count%' then
      conditions := replace(conditions, ' and e.recorded_until = ''infinity''', '');
    end if;
    return query execute format(
      'with c as materialized (' || replace(counted, '%s', '%1$s') || ')'
      ' select v.facet, coalesce(v.value, ''''), sum(c.n)::bigint, bool_or(c.more) from c'
      ' cross join lateral (values (''total'', ''''), (''state'', c.state), (%2$L, c.facet_a), (%3$L, c.facet_b))'
      ' as v (facet, value) where v.facet = any (%4$L::text[])'
      ' group by 1, 2 having sum(c.n) > 0 order by 1, 3 desc, 2',
      conditions, k.facet_a, k.facet_b,
      case when i > 0 then array[own[i]]
        else array(select u.n from unnest(names) as u (n) where u.n <> all (own)) end);
  end loop;
end
$body$;
comment on function api.registry_facets(text, jsonb, text, timestamptz) is
  'Counts of records by facet, for the filters of a list.';
