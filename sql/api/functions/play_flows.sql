create or replace function api.play_flows(
  p_first date, p_last date, p_by text[], p_operators integer[], p_games integer[], p_currency smallint,
  p_on_equipment boolean default false
) returns table (
    key_1 bigint, key_2 bigint, key_3 bigint, bet_count bigint, stake_minor bigint, win_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set work_mem = '64MB'
  -- Groups are guessed far too few, and what can be hashed would be sorted.
  set enable_sort = off
as $body$
-- What was bet on games up to now (stakes less refunds) and won, on all or on equipment alone, under up to
-- three keys of api.report_flows that games have: game, game_type, declared_rtp, operator and times from the
-- day on. It is what that one tells, in a query of its own, which is planned in a third of the time, adds up a
-- third of the sums and may, of long periods, be shared between processes.
declare
  moment_from constant timestamptz := p_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
  by_register constant boolean := p_by && array['game_type', 'declared_rtp'];
  counted_until constant timestamptz := api.games_counted_until();
  -- The months read whole: from the first until before the second.
  month_from date := p_first;
  month_until date := p_first;
begin
  if not p_by && array['day', 'week'] then
    select m.month_from, m.month_until into month_from, month_until
    from api.whole_months(p_first, p_last, not exists (
      select from api.rollup_day as r
      where r.day > p_last and r.day < (date_trunc('month', p_last::timestamp) + interval '1 month')::date
    )) as m;
  end if;
  return query
  select k.key_1, k.key_2, k.key_3, api.total(k.bet_count), api.total(k.stake), api.total(k.win_minor)
  from (
    select
      case p_by[1]
        when 'game_type' then coalesce(g.gambling_type_id, -1)::bigint
        when 'declared_rtp' then coalesce(g.declared_rtp_ppm, -1)::bigint
        else api.report_key(p_by[1], f.day, null, f.operator_id, null, null, null, null, null, f.game_id, null)
      end as key_1,
      case p_by[2]
        when 'game_type' then coalesce(g.gambling_type_id, -1)::bigint
        when 'declared_rtp' then coalesce(g.declared_rtp_ppm, -1)::bigint
        else api.report_key(p_by[2], f.day, null, f.operator_id, null, null, null, null, null, f.game_id, null)
      end as key_2,
      case p_by[3]
        when 'game_type' then coalesce(g.gambling_type_id, -1)::bigint
        when 'declared_rtp' then coalesce(g.declared_rtp_ppm, -1)::bigint
        else api.report_key(p_by[3], f.day, null, f.operator_id, null, null, null, null, null, f.game_id, null)
      end as key_3,
      f.bet_count, f.bet_minor - f.refund_minor as stake, f.win_minor
    from (
      select r.operator_id, r.game_id, r.month as day, r.bet_count, r.bet_minor, r.refund_minor, r.win_minor
      from api.rollup_play_month as r
      where r.month >= month_from and r.month < month_until
        and r.currency = p_currency and (not p_on_equipment or r.on_equipment)
        and (p_operators is null or r.operator_id = any (p_operators))
        and (p_games is null or r.game_id = any (p_games))
      union all
      select r.operator_id, r.game_id, r.day, r.bet_count, r.bet_minor, r.refund_minor, r.win_minor
      from api.rollup_play_day as r
      where (r.day >= p_first and r.day < month_from or r.day >= month_until and r.day <= p_last)
        and r.currency = p_currency and (not p_on_equipment or r.on_equipment)
        and (p_operators is null or r.operator_id = any (p_operators))
        and (p_games is null or r.game_id = any (p_games))
      union all
      select r.operator_id, r.game_id, d.day, r.bet_count, r.bet_minor, r.refund_minor, r.win_minor
      from api.rollup_game_hour as r
      cross join lateral (select (r.hour at time zone 'Europe/Kyiv')::date as day) as d
      where r.received_hour >= counted_until
        -- As no index is asked: the planner would look for the hours of the period, too, which are many more.
        and r.hour >= all (array[moment_from]) and r.hour < all (array[moment_until])
        and r.currency = p_currency and (not p_on_equipment or r.equipment_id <> 0)
        and (p_operators is null or r.operator_id = any (p_operators))
        and (p_games is null or r.game_id = any (p_games))
    ) as f
    left join api.game as g on by_register and g.id = f.game_id
  ) as k
  group by k.key_1, k.key_2, k.key_3;
end
$body$;
comment on function api.play_flows(date, date, text[], integer[], integer[], smallint, boolean) is
  'What was bet on games and won up to now, under up to three keys.';
