create or replace function api.registry_list(
  p_kind text, p_filters jsonb default '{}', p_search text default '', p_sort text default 'title_uk',
  p_descending boolean default false, p_cursor text default null, p_backward boolean default false,
  p_limit integer default 50, p_as_of timestamptz default null
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
-- that moment (recorded time); without it, what it says now. Raises DZR04.
declare
  sort_type text;
  place text := '';
  parts jsonb;
  conditions text;
  source text := 'api.entry';
  near text;
  near_count bigint;
  descending constant boolean := p_descending <> p_backward;
  direction constant text := case when descending then 'desc' else 'asc' end;
begin
  sort_type := case
    when p_sort in ('title_uk', 'title_en') then 'text collate "uk-x-icu"'
    when p_sort = 'code' then 'text'
    when p_sort in ('since', 'until') then 'timestamptz'
  end;
  if sort_type is null or p_limit not between 1 and 1001 then
    raise exception using errcode = 'DZR04', message = 'no such order or length of a list';
  end if;
  if p_cursor is not null then
    begin
      parts := convert_from(decode(p_cursor, 'base64'), 'UTF8')::jsonb;
      if jsonb_typeof(parts -> 0) is distinct from 'string'
        or jsonb_typeof(parts -> 1) is distinct from 'number' then
        raise exception using errcode = 'data_exception';
      end if;
      if sort_type = 'timestamptz' then
        perform (parts ->> 0)::timestamptz;
      end if;
      place := format(' and (e.%I, e.record_id) %s (%L::%s, %s)', p_sort,
        case when descending then '<' else '>' end, parts ->> 0, sort_type, (parts ->> 1)::integer);
    exception
      when data_exception then
        raise exception using errcode = 'DZR04', message = 'no such cursor';
    end;
  end if;
  conditions := api.registry_conditions(p_kind, p_filters, p_search, p_as_of, null) || place;
  -- What is found often is soon found on the way; what is found rarely the index of search knows.
  if btrim(coalesce(p_search, '')) <> '' then
    near := format(
      '(select * from api.entry as e where %s%s order by e.%I %s, e.record_id %4$s limit 5000)',
      api.registry_conditions(p_kind, p_filters, '', p_as_of, null), place, p_sort, direction);
    execute format(
      'select count(*) from (select from %s as e where %s limit %s) as n', near, conditions, p_limit)
    into near_count;
    if near_count = p_limit then
      source := near;
    end if;
  end if;
  return query execute format(
    'select * from (select e.record_id, e.version, e.operator_id, e.code, e.title_uk::text, e.title_en::text,'
    ' e.state, nullif(e.state_until, ''infinity''), nullif(e.since, ''-infinity''),'
    ' nullif(e.until, ''infinity''), e.document, e.recorded_from,'
    ' replace(encode(convert_to(jsonb_build_array(e.%1$I, e.record_id)::text, ''UTF8''), ''base64''), e''\n'', '''')'
    ' from %2$s as e where %3$s order by e.%1$I %4$s, e.record_id %4$s limit %5$s) as page',
    p_sort, source, conditions, direction, p_limit)
    || case when p_backward then format(' order by %s desc', 'row_number() over ()') else '' end;
end
$body$;
comment on function api.registry_list(
  text, jsonb, text, text, boolean, text, boolean, integer, timestamptz
) is 'A page of one register: filtered, searched, sorted; now or as of a moment.';
