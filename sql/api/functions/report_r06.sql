create or replace function api.report_r06(
  p_first date, p_last date, p_by text[] default '{rule}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], record_count bigint, critical_count bigint, batch_count bigint,
    amount_minor bigint, operator_count bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- R06 Breaches and refusals: what the system itself has marked. A record with several marks counts under each
-- of their rules and once in the total; cancelling ones are taken off in their own hour, as everywhere.
-- Refused batches are of the day of refusal. Rules: breach:1 licence not in force, breach:2 licence of
-- another type, breach:4 object inactive, breach:8 late, refusal:<code>. Critical are records that lack a
-- fitting licence (breach:1 or breach:2), whatever else they are marked with. The parameters are those of
-- every report; see docs/reports.md.
declare
  by_rule constant boolean := 'rule' = any (p_by);
begin
  perform api.report_check(
    'R06', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with found as (
    select
      m.rule, x.key_1 as operator, x.key_2 as day, r.records,
      case when x.key_3 & 3 <> 0 then r.records else 0 end as critical, 0::bigint as batches,
      x.bet_minor as amount, m.in_total
    from api.report_flows(
    p_first, p_last, array['operator', 'day', 'breach'], p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, p_breach => 15) as x
    cross join lateral (
      select x.bet_count + x.win_count + x.refund_count + x.deposit_count + x.withdrawal_count as records
    ) as r
    join (
      values (1, 'breach:1', false), (2, 'breach:2', false), (4, 'breach:4', false), (8, 'breach:8', false),
      (15, null, true)
    ) as m (mark, rule, in_total) on (by_rule or m.in_total) and x.key_3 & m.mark <> 0
    where not x.is_total
    union all
    select
      case when s.in_total then null else 'refusal:' || r.code end, r.operator_id::bigint,
      (r.refused_at at time zone 'Europe/Kyiv')::date - date '2000-01-01', 0, 0, 1, 0, s.in_total
    from api.refusal as r
    cross join (values (true), (false)) as s (in_total)
    where r.refused_at >= p_first::timestamp at time zone 'Europe/Kyiv'
      and r.refused_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
      and (p_as_of is null or r.refused_at <= p_as_of)
      and (p_operators is null or r.operator_id = any (p_operators))
      and p_gambling_types is null and p_licences is null and p_channels is null
      and (by_rule or s.in_total)
  ),
  -- By operator first, so that each is counted once: numbers are grouped faster than written keys.
  summed as materialized (
    select
      n.rule, n.in_total, n.operator,
      api.report_key(p_by[1], date '2000-01-01' + n.day::integer, null, n.operator::integer, null, null, null, null,
        null, null, null) as key_1,
      api.report_key(p_by[2], date '2000-01-01' + n.day::integer, null, n.operator::integer, null, null, null, null,
        null, null, null) as key_2,
      api.report_key(p_by[3], date '2000-01-01' + n.day::integer, null, n.operator::integer, null, null, null, null,
        null, null, null) as key_3,
      api.total(n.records) as records, api.total(n.critical) as critical, api.total(n.batches) as batches,
      api.total(n.amount) as amount
    from found as n
    group by 1, 2, 3, 4, 5, 6
  ),
  grouped as (
    select
      k.rule, k.key_1, k.key_2, k.key_3, api.total(k.records) as records, api.total(k.critical) as critical,
      api.total(k.batches) as batches, api.total(k.amount) as amount, count(*) as operators
    from summed as k
    where cardinality(p_by) > 0 and k.in_total <> by_rule
    group by k.rule, k.key_1, k.key_2, k.key_3
  )
  select
    false, array(
      select case u.name when 'rule' then g.rule else api.report_key_text(u.name, u.key) end
      from unnest(p_by, array[g.key_1, g.key_2, g.key_3]) with ordinality as u (name, key, place)
      where u.name is not null order by u.place),
    g.records, g.critical, g.batches, g.amount, g.operators
  from grouped as g
  union all
  select
    true, null, coalesce(api.total(k.records), 0), coalesce(api.total(k.critical), 0),
    coalesce(api.total(k.batches), 0), coalesce(api.total(k.amount), 0), count(distinct k.operator)
  from summed as k where k.in_total
  order by 1, 2;
end
$body$;
comment on function api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Breaches and refusals by rule: how many, what was staked, of how many operators.';
