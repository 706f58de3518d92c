create or replace function api.transaction_hours(
  p_from timestamptz,
  p_until timestamptz,
  p_operators integer[],
  p_gambling_types smallint[],
  p_currency smallint,
  p_breach smallint,
  p_licences integer[],
  p_channels integer[],
  p_games integer[],
  p_equipment integer[],
  p_payment smallint,
  p_limit integer
) returns table (hour timestamptz)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Hours that may hold transactions of the kind that api.transactions is asked for, the newest first: a
-- page of what happens seldom reads these and not the month between. Nothing is left out; games and
-- equipment are not counted beside other things, so with both an hour may turn out to be empty.
declare
  since constant timestamptz := date_bin('1 hour', p_from, '2000-01-01T00:00:00Z');
begin
  if p_games is not null or p_equipment is not null then
    return query
    select r.hour
    from api.rollup_game_hour as r
    where r.hour >= since and r.hour < p_until
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_currency is null or r.currency = p_currency)
      and (p_games is null or r.game_id = any (p_games))
      and (p_equipment is null or r.equipment_id = any (p_equipment))
    group by r.hour order by r.hour desc limit p_limit;
  else
    return query
    select r.hour
    from api.rollup_hour as r
    where r.hour >= since and r.hour < p_until
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_currency is null or r.currency = p_currency)
      and (p_breach is null or r.breach & p_breach <> 0)
      and (p_licences is null or r.licence_id = any (p_licences))
      and (p_channels is null or r.channel_id = any (p_channels))
      and (p_payment is null or r.payment = p_payment)
    group by r.hour order by r.hour desc limit p_limit;
  end if;
end
$body$;
comment on function api.transaction_hours(
  timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
  integer[], integer[], smallint, integer
) is 'Hours that may hold transactions of a kind, the newest first.';
