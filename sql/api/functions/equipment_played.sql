create or replace function api.equipment_played(p_first date, p_last date, p_operators integer[] default null)
  returns table (operator_id integer, equipment_id integer)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The equipment of which there are records in whole days of Europe/Kyiv, both ends included; each once. Days of
-- a month are bits, the first lowest; what arrived in the hour that goes on is read by hour.
declare
  games_until constant timestamptz := api.games_counted_until();
  first_month constant date := date_trunc('month', p_first::timestamp)::date;
begin
  return query
  select m.operator_id, m.equipment_id
  from api.rollup_equipment_month as m
  where m.month >= first_month and m.month <= p_last
    and (p_operators is null or m.operator_id = any (p_operators))
    -- From the day with which the period begins in this month to that with which it ends there.
    and m.days & (
      (1::bigint << least(p_last - m.month + 1, 31)) - (1::bigint << greatest(p_first - m.month, 0))
    ) <> 0
  union
  select g.operator_id, g.equipment_id
  from api.rollup_game_hour as g
  where g.received_hour >= games_until and g.equipment_id <> 0
    and g.hour >= p_first::timestamp at time zone 'Europe/Kyiv'
    and g.hour < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
    and (p_operators is null or g.operator_id = any (p_operators));
end
$body$;
comment on function api.equipment_played(date, date, integer[]) is
  'The equipment of which there are records in a period.';
