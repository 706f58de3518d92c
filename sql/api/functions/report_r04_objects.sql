create or replace function api.report_r04_objects(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_licences integer[], p_channels integer[], p_currency smallint, p_as_of timestamptz
) returns table (
    keys text[], bet_count bigint, stake_minor bigint, outside_licence_count bigint,
    outside_licence_stake_minor bigint, other_type_count bigint, other_type_stake_minor bigint,
    inactive_object_count bigint, inactive_object_stake_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The rows of R04 by place, by its kind (api.channel.kind, none without a place) or by breach (breach:1, 2
-- and 4), beside operators, licences and their kinds: of what records there are. A bet with two marks counts
-- under each of their breaches.
declare
  by_rule constant boolean := 'rule' = any (p_by);
begin
  return query
  with found as (
    select
      x.key_1 as licence_id, x.key_2 as channel_id, x.key_3 as breach, x.bet_count as bets, x.bet_minor as stake
    from api.report_flows(
      p_first, p_last, array['licence', 'channel', 'breach'], p_operators, p_gambling_types, p_licences, p_channels,
      null, p_currency, p_as_of, p_breach => case when by_rule then 7 end) as x
    where not x.is_total
  ),
  named as (
    select
      array(
        select case u.name
          when 'rule' then 'breach:' || b.mark
          when 'object_kind' then coalesce(c.kind, 'none')
          when 'channel' then f.channel_id::text
          when 'licence' then f.licence_id::text
          when 'operator' then l.operator_id::text
          when 'gambling_type' then l.gambling_type_id::text end
        from unnest(p_by) with ordinality as u (name, place) order by u.place
      ) as row_keys,
      f.bets, f.stake, f.breach
    from found as f
    join api.licence as l on l.id = f.licence_id
    left join api.channel as c on c.id = f.channel_id
    join lateral unnest(case when by_rule then array[1, 2, 4] else array[0] end) as b (mark)
      on not by_rule or f.breach & b.mark <> 0
  )
  select
    n.row_keys, sum(n.bets)::bigint, sum(n.stake)::bigint,
    coalesce(sum(n.bets) filter (where n.breach & 1 <> 0), 0)::bigint,
    coalesce(sum(n.stake) filter (where n.breach & 1 <> 0), 0)::bigint,
    coalesce(sum(n.bets) filter (where n.breach & 2 <> 0), 0)::bigint,
    coalesce(sum(n.stake) filter (where n.breach & 2 <> 0), 0)::bigint,
    coalesce(sum(n.bets) filter (where n.breach & 4 <> 0), 0)::bigint,
    coalesce(sum(n.stake) filter (where n.breach & 4 <> 0), 0)::bigint
  from named as n
  group by n.row_keys;
end
$body$;
comment on function api.report_r04_objects(
  date, date, text[], integer[], smallint[], integer[], integer[], smallint, timestamptz
) is 'Rows of R04 by place, kind of place or breach.';
