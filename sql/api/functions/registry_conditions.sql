create or replace function api.registry_conditions(
  p_kind text, p_filters jsonb, p_search text, p_as_of timestamptz, p_without text
) returns text
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- The WHERE of lists and counts, for api.entry as e. Every value goes through format(%L), every name
-- through the catalogue. Filters: {operator: [ids], state: [states], <attribute>: [values]}; p_without
-- leaves one out, so that its own choices can be counted. Raises DZR04.
declare
  k api.record_kind;
  filter_name text;
  given text[];
  column_name text;
  word text;
  parts text[];
begin
  select * into k from api.record_kind as r where r.kind = p_kind;
  if not found or jsonb_typeof(p_filters) <> 'object' then
    raise exception using errcode = 'DZR04', message = 'no such kind of record, or no filters';
  end if;
  parts := array[format('e.kind = %L', p_kind)];
  if p_as_of is null then
    parts := parts || 'e.recorded_until = ''infinity'''::text;
  else
    parts := parts || format('e.recorded_from <= %1$L::timestamptz and e.recorded_until > %1$L::timestamptz',
      p_as_of);
  end if;
  for filter_name, given in
    select j.key, array(select jsonb_array_elements_text(
      case jsonb_typeof(j.value) when 'array' then j.value else jsonb_build_array(j.value) end))
    from jsonb_each(p_filters) as j
  loop
    if filter_name = p_without or cardinality(given) = 0 then
      continue;
    elsif filter_name = 'operator' then
      if exists (select from unnest(given) as u (one) where u.one !~ '^[0-9]{1,9}$') then
        raise exception using errcode = 'DZR04', message = 'an operator is a number';
      end if;
      parts := parts || case cardinality(given)
        when 1 then format('e.operator_id = %s', given[1]::integer)
        else format('e.operator_id = any (%L::integer[])', given) end;
    elsif filter_name in ('state', k.facet_a, k.facet_b) then
      column_name := case filter_name when 'state' then 'state' when k.facet_a then 'facet_a'
        else 'facet_b' end;
      -- One value by itself, so that an index gives the rows in the list's order.
      parts := parts || case cardinality(given)
        when 1 then format('e.%I = %L', column_name, given[1])
        else format('e.%I = any (%L::text[])', column_name, given) end;
    elsif exists (
      select from api.attribute as a where a.kind = p_kind and a.name = filter_name
        and not a.private
    ) then
      parts := parts || format('e.document ->> %L = any (%L::text[])', filter_name, given);
    else
      raise exception using errcode = 'DZR04', message = 'no such filter';
    end if;
  end loop;
  foreach word in array regexp_split_to_array(btrim(api.fold(left(p_search, 200))), '\s+') loop
    if word <> '' then
      parts := parts || format('e.search_text like %L',
        '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%');
    end if;
  end loop;
  return array_to_string(parts, ' and ');
end
$body$;
comment on function api.registry_conditions(text, jsonb, text, timestamptz, text) is
  'The condition of a list of registered records, of filters and a search.';
