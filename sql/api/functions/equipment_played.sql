create or replace function api.equipment_played(
  p_first date, p_last date, p_operators integer[] default null, p_as_of timestamptz default null,
  p_counted boolean default null
) returns table (operator_id integer, equipment_id integer)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The equipment of which there are records in whole days of Europe/Kyiv, both ends included; each once. With p_counted
-- what is counted by month alone, or what arrived since alone: who knows the first need not read the other. Days of
-- a month are bits, the first lowest; what arrived in the hour that goes on is read by hour.
-- As of a moment by days and hours of arrival and, of the hour itself, raw rows, as in api.report_flows.
declare
  games_until constant timestamptz := api.games_counted_until();
  moment_from constant timestamptz := p_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
  until_day constant date := (p_as_of at time zone 'Europe/Kyiv')::date;
  until_hour constant timestamptz := date_bin('1 hour', p_as_of, '2000-01-01T00:00:00Z');
  first_month constant date := date_trunc('month', p_first::timestamp)::date;
  -- What arrived in the hour itself.
  batches bigint[];
  first_batch bigint;
  last_batch bigint;
  batches_from timestamptz;
  batches_until timestamptz;
begin
  if p_as_of is not null then
    if not p_counted then
      return;
    end if;
    select b.batches, b.first_batch, b.last_batch, b.occurred_from, b.occurred_until
    into batches, first_batch, last_batch, batches_from, batches_until
    from api.arrived_batches(until_hour, p_as_of, p_operators) as b;
    return query
    select d.operator_id, d.equipment_id
    from api.counted_game_day as d
    where d.day >= p_first and d.day <= p_last and d.received_day < until_day and d.equipment_id <> 0
      and (p_operators is null or d.operator_id = any (p_operators))
    union
    select g.operator_id, g.equipment_id
    from api.rollup_game_hour as g
    where g.received_hour >= least(games_until, until_day::timestamp at time zone 'Europe/Kyiv')
      and g.received_hour < until_hour and g.equipment_id <> 0
      and g.hour >= moment_from and g.hour < moment_until
      and (p_operators is null or g.operator_id = any (p_operators))
    union
    select t.operator_id, t.equipment_id
    from api.transaction as t
    where batches is not null and t.batch_id = any (batches)
      and t.batch_id >= first_batch and t.batch_id <= last_batch
      and t.occurred_at >= greatest(moment_from, batches_from) and t.occurred_at <= batches_until
      and t.occurred_at < moment_until and t.equipment_id <> 0;
    return;
  end if;
  return query
  select m.operator_id, m.equipment_id
  from api.rollup_equipment_month as m
  where p_counted is distinct from false and m.month >= first_month and m.month <= p_last
    and (p_operators is null or m.operator_id = any (p_operators))
    -- From the day with which the period begins in this month to that with which it ends there.
    and m.days & (
      (1::bigint << least(p_last - m.month + 1, 31)) - (1::bigint << greatest(p_first - m.month, 0))
    ) <> 0
  union
  select g.operator_id, g.equipment_id
  from api.rollup_game_hour as g
  where p_counted is distinct from true and g.received_hour >= games_until and g.equipment_id <> 0
    and g.hour >= moment_from and g.hour < moment_until
    and (p_operators is null or g.operator_id = any (p_operators));
end
$body$;
comment on function api.equipment_played(date, date, integer[], timestamptz, boolean) is
  'The equipment of which there are records in a period.';
