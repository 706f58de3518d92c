create or replace function api.account_cohorts(
  p_from date,
  p_to date,
  p_operators integer[] default null,
  p_gambling_type smallint default null
) returns table (month date, cohort date, account_count bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Of the accounts active in each month that the days p_from to p_to touch: how many were first active
-- in which month (cohort). Of a month under way, up to its last closed day; cohorts begin with the
-- accounts that are kept. Raises DZV01 for a period that is reversed or too long.
begin
  if p_to < p_from or p_to - p_from > 3660 then
    raise exception using errcode = 'DZV01', message = 'the period is reversed or longer than ten years';
  end if;
  return query
  select c.month, c.cohort, sum(c.account_count)::bigint
  from api.account_cohort as c
  where c.month >= date_trunc('month', p_from::timestamp)::date and c.month <= p_to
    and (p_operators is null or c.operator_id = any (p_operators))
    and c.gambling_type_id = coalesce(p_gambling_type, 0::smallint)
  group by 1, 2
  order by 1, 2;
end
$body$;
comment on function api.account_cohorts(date, date, integer[], smallint) is
  'Accounts active in each month by the month in which they began.';
