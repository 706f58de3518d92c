create or replace function rollup.recount_equipment_month(p_first date, p_last date)
  returns setof rollup.equipment_month
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What rollup.equipment_month must hold of the whole months from p_first to p_last, from rollup.game_day.
begin
  return query
  select
    d.operator_id, d.shard, d.equipment_id, date_trunc('month', d.day::timestamp)::date,
    bit_or(1 << extract(day from d.day)::integer - 1)
  from rollup.game_day as d
  where d.day >= p_first and d.day <= p_last and d.equipment_id <> 0
  group by 1, 2, 3, 4;
end
$body$;
comment on function rollup.recount_equipment_month(date, date) is
  'What rollup.equipment_month must hold of whole months, recomputed from rollup.game_day.';
