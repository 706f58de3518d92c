create or replace function api.registry_search(p_text text, p_each integer default 5)
  returns table (
    kind text, record_id integer, operator_id integer, code text, title_uk text, title_en text, state text,
    exact boolean
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Everything registered that the caller may see and that a text fits, a few of each kind; what bears
-- it as its code comes first. Texts under two characters find nothing.
declare
  one text;
begin
  if length(btrim(coalesce(p_text, ''))) < 2 then
    return;
  end if;
  if p_each not between 1 and 50 then
    raise exception using errcode = 'DZR04', message = 'no such length of a list';
  end if;
  for one in select r.kind from api.record_kind as r order by r.position loop
    -- As in api.registry_list: what is found often is soon found on the way, and only where it is not
    -- are all records looked through.
    return query execute format(
      'with near as materialized ('
      '  select e.kind, e.record_id, e.operator_id, e.code, e.title_uk::text, e.title_en::text, e.state, false'
      '  from (select * from api.entry as e where %5$s order by e.title_uk, e.record_id limit 2000) as e'
      '  where %6$s and e.code <> %2$L limit %4$s)'
      ' select * from ('
      '(select e.kind, e.record_id, e.operator_id, e.code, e.title_uk::text, e.title_en::text, e.state, true'
      ' from api.entry as e where e.kind = %1$L and e.code = %2$L and e.recorded_until = ''infinity'' limit %4$s)'
      ' union all '
      '(select * from near where (select count(*) from near) = %4$s)'
      ' union all '
      '(select e.kind, e.record_id, e.operator_id, e.code, e.title_uk::text, e.title_en::text, e.state, false'
      ' from api.entry as e where (select count(*) from near) < %4$s and %3$s and e.code <> %2$L limit %4$s)'
      ') as f limit %4$s',
      one, upper(btrim(p_text)), api.registry_conditions(one, '{}', p_text, null, true), p_each,
      api.registry_conditions(one, '{}', '', null, true), api.registry_conditions(one, '{}', p_text, null, false));
  end loop;
end
$body$;
comment on function api.registry_search(text, integer) is
  'Finds a text in every register that the caller may see.';
