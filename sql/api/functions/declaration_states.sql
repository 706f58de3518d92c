create or replace function api.declaration_states(
  p_first date, p_last date, p_operators integer[] default null, p_currency smallint default 980
) returns table (state text, days bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- How many days of operators are in each state that api.declared_and_observed knows; late and
-- unbalanced ones are counted besides. Raises the same.
begin
  return query
  with compared as (
    select d.state as verdict, d.late as is_late, d.balanced as balances
    from api.declared_and_observed(p_first, p_last, p_operators, p_currency) as d
  )
  select k.verdict, k.days from (
    select c.verdict, count(*) as days from compared as c group by c.verdict
    union all select 'late', count(*) from compared as c where c.is_late
    union all select 'unbalanced', count(*) from compared as c where not c.balances
  ) as k
  where k.days > 0;
end
$body$;
comment on function api.declaration_states(date, date, integer[], smallint) is
  'How many declarations match, differ, are missing, late or unbalanced.';
