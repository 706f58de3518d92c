create or replace function registry.check_rows(p_change registry.change, p_limit integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Checks rows of a change that proposes many by the rules of the single form: the next that are unchecked,
-- so many at most, or all anew where there is no limit. How many are left. Rows that repeat each other are
-- told when the last is checked.
declare
  remaining integer := 0;
begin
  with due as (
    select r.row_number, r.proposed from registry.change_row as r
    where r.change_id = p_change.id and (p_limit is null or r.errors is null)
    order by r.row_number limit p_limit::bigint
  )
  update registry.change_row as r
  set proposed = c.proposed, errors = c.errors
  from due as d
  cross join lateral registry.check_change(
    p_change.kind, 'create', null, p_change.operator_id, d.proposed) as c
  where r.change_id = p_change.id and r.row_number = d.row_number;
  if p_limit is not null then
    select count(*)::integer into remaining from registry.change_row as r
    where r.change_id = p_change.id and r.errors is null;
  end if;
  if remaining = 0 then
    with keyed as (
      select r.row_number, k.attribute, min(r.row_number) over (partition by k.attribute, k.value) as first_row
      from registry.change_row as r
      cross join lateral registry.record_keys(p_change.kind, r.proposed) as k
      where r.change_id = p_change.id
    ),
    repeated as (
      select k.row_number, jsonb_agg(jsonb_build_object(
        'attribute', k.attribute, 'code', 'repeated', 'detail', jsonb_build_object('row', k.first_row)
      ) order by k.attribute) as errors
      from keyed as k where k.first_row < k.row_number group by k.row_number
    )
    update registry.change_row as r set errors = r.errors || d.errors
    from repeated as d
    where r.change_id = p_change.id and r.row_number = d.row_number;
  end if;
  return remaining;
end
$body$;
alter function registry.check_rows(registry.change, integer) owner to dozir_writer;
comment on function registry.check_rows(registry.change, integer) is
  'Checks rows of a change that proposes many records; how many are still unchecked.';
