create or replace function api.registry_conditions(
  p_kind text, p_filters jsonb, p_search text, p_as_of timestamptz, p_seek boolean
) returns text
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- The WHERE of lists and counts, for api.entry as e. Every value goes through format(%L), every name
-- through the catalogue. Filters: {operator: [ids], state: [states], <attribute>: [values]}. Seek: as
-- indexes answer it, for a query of all records; else as rows at hand are tested. Raises DZR04.
declare
  k api.record_kind;
  filter_name text;
  given text[];
  column_name text;
  parts text[];
  words text[];
  patterns text[];
  shares real[];
begin
  select * into k from api.record_kind as r where r.kind = p_kind;
  if not found or jsonb_typeof(p_filters) <> 'object' then
    raise exception using errcode = 'DZR04', message = 'no such kind of record, or no filters';
  end if;
  parts := array[format('e.kind = %L', p_kind)];
  -- An operator's own, or nobody's, are all that its row-level security shows; said here as one owner, the
  -- index by owner leads, which it does not where a policy says the one or the other.
  if current_user = 'operator' then
    parts := parts || format('e.operator_id = %s', case when k.of_operators
      then coalesce(nullif(current_setting('dozir.operator_id', true), '')::integer, -1) else 0 end);
  end if;
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
    if cardinality(given) = 0 then
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
      parts := parts || (
        'exists (select from api.entry_document as d where d.kind = e.kind and d.record_id = e.record_id'
        ' and d.version = e.version and ' || api.attribute_condition(filter_name, given) || ')');
    else
      raise exception using errcode = 'DZR04', message = 'no such filter';
    end if;
  end loop;
  words := array_remove(regexp_split_to_array(btrim(api.fold(left(p_search, 200))), '\s+'), '');
  patterns := array(
    select '%' || replace(replace(replace(u.word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    from unnest(words) with ordinality as u (word, place) order by u.place);
  -- Indexes hold what is said now, and row-level security keeps them away from an operator's searches.
  if p_seek and cardinality(words) > 0 and p_as_of is null and current_user <> 'operator' then
    shares := api.registry_word_shares(p_kind, patterns);
  end if;
  -- The rarest first. Of a word that is frequent an index would bring more than a look at the rows
  -- takes: "is true" keeps it away. One of three letters or more is in the index of trigrams,
  -- a shorter one in that of letters and pairs of letters, by this very expression.
  parts := parts || array(
    select format(
      case
        when shares[u.place] > 0.1 then '(e.search_text like %1$L) is true'
        when length(words[u.place]) > 2 or shares is null then 'e.search_text like %1$L'
        else '(string_to_array(e.search_text, null)'
          ' || string_to_array(regexp_replace(e.search_text, ''(..)'', ''\1 '', ''g''), '' '')'
          ' || string_to_array(regexp_replace('' '' || e.search_text, ''(..)'', ''\1 '', ''g''), '' ''))'
          ' @> array[%2$L]'
      end, u.pattern, words[u.place])
    from unnest(patterns) with ordinality as u (pattern, place) order by shares[u.place], u.place);
  return array_to_string(parts, ' and ');
end
$body$;
comment on function api.registry_conditions(text, jsonb, text, timestamptz, boolean) is
  'The condition of a list of registered records, of filters and a search.';
