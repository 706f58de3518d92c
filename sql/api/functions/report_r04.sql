create or replace function api.report_r04(
  p_first date, p_last date, p_by text[] default '{licence}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], valid_until timestamptz, days_left bigint, bet_count bigint,
    stake_minor bigint, outside_licence_count bigint, outside_licence_stake_minor bigint,
    other_type_count bigint, other_type_stake_minor bigint, inactive_object_count bigint,
    inactive_object_stake_minor bigint, equipment_count bigint, active_equipment_count bigint,
    silent_equipment_count bigint, licence_status text, licence_count bigint, licence_in_force_count bigint,
    active_key_count bigint, expired_certificate_count bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- R04 Compliance with licences and registers: what was staked under each licence, and of it the bets taken while
-- it was not in force, under a licence of another kind, or at an object that was not active. Every licence
-- has its row, also without bets (of chosen places, those of their operators); of several the first end
-- counts. Equipment, keys and what has no valid certificate any more are counted by operator, as registered
-- when the period ends; so is the status of a licence. Active is what brought a record in the period, silent
-- what did not; as of a past moment of 93 days at most, as days of equipment are read for it. By places, their kinds and breaches there are the rows of
-- api.report_r04_objects. The parameters are those of every report; see docs/reports.md.
declare
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
  by_operator constant boolean := p_gambling_types is null and p_licences is null and p_channels is null;
  -- Whether it is told what was played on.
  played constant boolean := p_as_of is null or p_last - p_first < 93;
  -- Who sees no keys is not told their number.
  of_keys constant boolean := by_operator and has_table_privilege('api.access_key', 'select');
  key_operators integer[] := array[]::integer[];
begin
  perform api.report_check(
    'R04', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  if p_by && array['channel', 'object_kind', 'rule'] then
    return query
    select *
    from api.report_r04(
      p_first, p_last, '{}', p_operators, p_gambling_types, p_licences, p_channels, p_games, p_currency, p_as_of)
    union all
    select
      false, o.keys, null, null, o.bet_count, o.stake_minor, o.outside_licence_count, o.outside_licence_stake_minor,
      o.other_type_count, o.other_type_stake_minor, o.inactive_object_count, o.inactive_object_stake_minor,
      null, null, null, null, null, null, null, null
    from api.report_r04_objects(
      p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, p_currency, p_as_of) as o
    order by 1, 2;
    return;
  end if;
  if of_keys then
    select coalesce(array_agg(k.operator_id), key_operators) into key_operators
    from api.access_key as k
    where k.mode = 'live' and k.created_at < moment_until and coalesce(k.expires_at, 'infinity') >= moment_until
      and coalesce(k.revoked_at, 'infinity') >= moment_until
      and (p_operators is null or k.operator_id = any (p_operators));
  end if;
  return query
  with flows as (
    select x.is_total, x.key_1, x.bet_count as bets, x.bet_minor as stake
    from api.report_flows(
    p_first, p_last, array['licence'], p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of) as x
  ),
  marked as (
    select
      x.key_1,
      api.total(x.bet_count) filter (where x.key_2 & 1 <> 0) as outside_bets,
      api.total(x.bet_minor) filter (where x.key_2 & 1 <> 0) as outside_stake,
      api.total(x.bet_count) filter (where x.key_2 & 2 <> 0) as other_bets,
      api.total(x.bet_minor) filter (where x.key_2 & 2 <> 0) as other_stake,
      api.total(x.bet_count) filter (where x.key_2 & 4 <> 0) as object_bets,
      api.total(x.bet_minor) filter (where x.key_2 & 4 <> 0) as object_stake
    from api.mark_flows(
      p_first, p_last, array['licence', 'breach'], p_operators, p_gambling_types, p_licences, p_channels,
      p_currency, p_as_of, 7) as x
    group by x.key_1
  ),
  standing as materialized (
    select
      e.operator_id, count(*) as equipment,
      -- What just arrived is read where a piece is silent by then, and else not at all.
      count(*) filter (where p.equipment_id is null and (e.operator_id, e.id) not in (
        select a.operator_id, a.equipment_id
        from api.equipment_played(p_first, p_last, p_operators, p_as_of, false) as a
        where played
      )) as silent
    from api.equipment as e
    left join api.equipment_played(p_first, p_last, p_operators, p_as_of, true) as p
      on played and p.operator_id = e.operator_id and p.equipment_id = e.id
    where by_operator and e.active_from < moment_until and e.active_until >= moment_until
      and (p_operators is null or e.operator_id = any (p_operators))
    group by e.operator_id
  ),
  -- Whose software is no longer under a valid certificate, of all that name one or have its checksum.
  certified as (
    select g.operator_id, 'game' as kind, g.id, c.valid_from < moment_until and c.valid_until >= moment_until as valid
    from api.game as g join api.certificate as c on c.number = g.certificate
    where by_operator and g.active_from < moment_until and g.active_until >= moment_until
    union all
    select g.operator_id, 'game', g.id, c.valid_from < moment_until and c.valid_until >= moment_until
    from api.game as g join api.certificate as c on c.software_sha256 = g.software_sha256
    where by_operator and g.active_from < moment_until and g.active_until >= moment_until
    union all
    select e.operator_id, 'equipment', e.id, c.valid_from < moment_until and c.valid_until >= moment_until
    from api.equipment as e join api.certificate as c on c.software_sha256 = e.software_sha256
    where by_operator and e.active_from < moment_until and e.active_until >= moment_until
  ),
  owned as (
    select o.operator_id, sum(o.active_keys) as active_keys, sum(o.expired) as expired
    from (
      select u.operator_id, 1 as active_keys, 0 as expired from unnest(key_operators) as u (operator_id)
      union all
      select x.operator_id, 0, 1
      from (
        select c.operator_id, c.kind, c.id from certified as c
        where p_operators is null or c.operator_id = any (p_operators)
        group by c.operator_id, c.kind, c.id having not bool_or(c.valid)
      ) as x
    ) as o
    group by o.operator_id
  ),
  standings as (
    select
      l.id, case
        when l.revoked_at < moment_until then 'revoked'
        when l.valid_until < moment_until then 'expired'
        when l.valid_from >= moment_until then 'upcoming'
        when exists (
          select from api.licence_suspension as s
          where s.licence_id = l.id and s.withdrawn_at is null
            and s.suspended_from < moment_until and s.suspended_until >= moment_until
        ) then 'suspended'
        else 'active' end as status
    from api.licence as l
  ),
  keyed as (
    select
      api.report_key(p_by[1], null, null, l.operator_id, l.gambling_type_id, l.id, null, null, null, null,
        null) as key_1,
      api.report_key(p_by[2], null, null, l.operator_id, l.gambling_type_id, l.id, null, null, null, null,
        null) as key_2,
      api.report_key(p_by[3], null, null, l.operator_id, l.gambling_type_id, l.id, null, null, null, null,
        null) as key_3,
      l.valid_until as ends, f.bets, f.stake, m.outside_bets, m.outside_stake, m.other_bets, m.other_stake,
      m.object_bets, m.object_stake, t.status
    from api.licence as l
    join standings as t on t.id = l.id
    left join flows as f on not f.is_total and f.key_1 = l.id
    left join marked as m on m.key_1 = l.id
    where (p_operators is null or l.operator_id = any (p_operators))
      and (p_gambling_types is null or l.gambling_type_id = any (p_gambling_types))
      and (p_licences is null or l.id = any (p_licences))
      and (p_channels is null or l.operator_id in (
        select c.operator_id from api.channel as c where c.id = any (p_channels)
      ))
  )
  select
    f.is_total, api.report_keys(p_by, f.is_total, f.key_1, f.key_2, f.key_3), f.ends, (f.ends_day - p_last)::bigint,
    f.bets, f.stake, f.outside_bets, f.outside_stake, f.other_bets, f.other_stake, f.object_bets,
    f.object_stake, w.equipment, case when played then w.equipment - w.silent end,
    case when played then w.silent end, f.status, f.licences, f.in_force,
    case when of_keys then w.active_keys end, w.expired
  from (
    select
      grouping(k.key_1, k.key_2, k.key_3) <> 0 as is_total, k.key_1, k.key_2, k.key_3, min(k.ends) as ends,
      (min(k.ends) filter (where isfinite(k.ends)) at time zone 'Europe/Kyiv')::date as ends_day,
      coalesce(sum(k.bets), 0)::bigint as bets, coalesce(sum(k.stake), 0)::bigint as stake,
      coalesce(sum(k.outside_bets), 0)::bigint as outside_bets,
      coalesce(sum(k.outside_stake), 0)::bigint as outside_stake,
      coalesce(sum(k.other_bets), 0)::bigint as other_bets,
      coalesce(sum(k.other_stake), 0)::bigint as other_stake,
      coalesce(sum(k.object_bets), 0)::bigint as object_bets,
      coalesce(sum(k.object_stake), 0)::bigint as object_stake,
      case when min(k.status) = max(k.status) then min(k.status) end as status, count(*) as licences,
      count(*) filter (where k.status = 'active') as in_force
    from keyed as k
    group by grouping sets ((k.key_1, k.key_2, k.key_3), ())
    having cardinality(p_by) > 0 or grouping(k.key_1, k.key_2, k.key_3) <> 0
  ) as f
  left join (
    select
      coalesce(n.operator_id, -1) as operator, coalesce(sum(n.equipment), 0)::bigint as equipment,
      coalesce(sum(n.silent), 0)::bigint as silent
    from standing as n
    group by grouping sets ((n.operator_id), ())
  ) as n on n.operator = case when f.is_total then -1 else f.key_1 end
  left join (
    select
      coalesce(o.operator_id, -1) as operator, coalesce(sum(o.active_keys), 0)::bigint as active_keys,
      coalesce(sum(o.expired), 0)::bigint as expired
    from owned as o
    group by grouping sets ((o.operator_id), ())
  ) as o on o.operator = case when f.is_total then -1 else f.key_1 end
  cross join lateral (
    select
      case when t.told then coalesce(o.active_keys, 0) end as active_keys,
      case when t.told then coalesce(o.expired, 0) end as expired,
      case when t.told then coalesce(n.equipment, 0) end as equipment,
      case when t.told then coalesce(n.silent, 0) end as silent
    from (select by_operator and (f.is_total or p_by = array['operator']) as told) as t
  ) as w
  order by f.is_total, f.key_1, f.key_2, f.key_3;
end
$body$;
comment on function api.report_r04(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Compliance with licences: stakes outside of licences, kinds and active objects, status, days left.';
