create or replace function api.report_r06(
  p_first date, p_last date, p_by text[] default '{rule}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null, p_rules text[] default null
) returns table (
    is_total boolean, keys text[], record_count bigint, critical_count bigint, batch_count bigint,
    amount_minor bigint, operator_count bigint, repeat_count bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- R06 Breaches and refusals: what the system itself has marked. A record with several marks counts under each
-- of their rules and once in the total; cancelling ones are taken off in their own hour, as everywhere.
-- Refused batches are of the day of refusal. Rules: breach:1 licence not in force, breach:2 licence of
-- another type, breach:4 object inactive, breach:8 late, refusal:<code>. Critical are records that lack a
-- fitting licence (breach:1 or breach:2), whatever else they are marked with; beside rules it is the rule that
-- is critical. Repeated is a rule on each day, of an operator, after the first on which it was broken. The
-- parameters are those of every report, see docs/reports.md, and the rules to which it is narrowed.
declare
  by_rule constant boolean := 'rule' = any (p_by);
  by_severity constant boolean := 'severity' = any (p_by);
  -- The marks asked for.
  mask constant integer := (
    select coalesce(bit_or(m.mark), 0)
    from (values (1), (2), (4), (8)) as m (mark)
    where p_rules is null or 'breach:' || m.mark = any (p_rules));
begin
  perform api.report_check(
    'R06', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with found as (
    select
      m.rule, x.key_1 as operator, x.key_2 as day,
      case when not by_severity then 0 when (case when by_rule and not m.in_total then m.mark else x.key_3 end) & 3 <> 0
        then 1 else 0 end as severity,
      r.records, case when x.key_3 & 3 <> 0 then r.records else 0 end as critical, 0::bigint as batches,
      x.bet_minor as amount, m.in_total
    from api.report_flows(
    p_first, p_last, array['operator', 'day', 'breach'], p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, p_breach => mask) as x
    cross join lateral (
      select x.bet_count + x.win_count + x.refund_count + x.deposit_count + x.withdrawal_count as records
    ) as r
    join (
      values (1, 'breach:1', false), (2, 'breach:2', false), (4, 'breach:4', false), (8, 'breach:8', false),
      (mask, null, true)
    ) as m (mark, rule, in_total) on x.key_3 & m.mark & mask <> 0
    where not x.is_total
    union all
    select
      case when s.in_total then null else 'refusal:' || r.code end, r.operator_id::bigint,
      (r.refused_at at time zone 'Europe/Kyiv')::date - date '2000-01-01', 0, 0, 0, 1, 0, s.in_total
    from api.refusal as r
    cross join (values (true), (false)) as s (in_total)
    where r.refused_at >= p_first::timestamp at time zone 'Europe/Kyiv'
      and r.refused_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
      and (p_as_of is null or r.refused_at <= p_as_of)
      and (p_operators is null or r.operator_id = any (p_operators))
      and p_gambling_types is null and p_licences is null and p_channels is null
      and (p_rules is null or 'refusal:' || r.code = any (p_rules))
  ),
  -- Days of each operator under each rule, and in the total: numbers are grouped faster than written keys.
  daily as materialized (
    select
      n.in_total, n.rule, n.operator, n.day, n.severity, api.total(n.records) as records,
      api.total(n.critical) as critical, api.total(n.batches) as batches, api.total(n.amount) as amount
    from found as n
    group by n.in_total, n.rule, n.operator, n.day, n.severity
  ),
  keyed as materialized (
    select
      d.*, case when by_rule then d.rule end as of_rule,
      case p_by[1] when 'severity' then d.severity else api.report_key(
        p_by[1], date '2000-01-01' + d.day::integer, null, d.operator::integer, null, null, null, null, null, null,
        null) end as key_1,
      case p_by[2] when 'severity' then d.severity else api.report_key(
        p_by[2], date '2000-01-01' + d.day::integer, null, d.operator::integer, null, null, null, null, null, null,
        null) end as key_2,
      case p_by[3] when 'severity' then d.severity else api.report_key(
        p_by[3], date '2000-01-01' + d.day::integer, null, d.operator::integer, null, null, null, null, null, null,
        null) end as key_3
    from daily as d
  ),
  -- Of each row and operator, then of each row: so each operator is counted once.
  grouped as (
    select
      o.of_rule, o.key_1, o.key_2, o.key_3, api.total(o.records) as records, api.total(o.critical) as critical,
      api.total(o.batches) as batches, api.total(o.amount) as amount, count(*) as operators
    from (
      select
        k.of_rule, k.key_1, k.key_2, k.key_3, k.operator, api.total(k.records) as records,
        api.total(k.critical) as critical, api.total(k.batches) as batches, api.total(k.amount) as amount
      from keyed as k
      where cardinality(p_by) > 0 and k.in_total <> by_rule
      group by k.of_rule, k.key_1, k.key_2, k.key_3, k.operator
    ) as o
    group by o.of_rule, o.key_1, o.key_2, o.key_3
  ),
  -- Days of an operator on which a rule was broken, but for the first.
  repeated as (
    select o.of_rule, o.key_1, o.key_2, o.key_3, api.total(o.days - 1) as repeats
    from (
      select k.of_rule, k.key_1, k.key_2, k.key_3, count(*) as days
      from keyed as k
      where cardinality(p_by) > 0 and not k.in_total and k.records + k.batches > 0
      group by k.of_rule, k.key_1, k.key_2, k.key_3, k.rule, k.operator
    ) as o
    group by o.of_rule, o.key_1, o.key_2, o.key_3
  ),
  repeated_at_all as (
    select api.total(o.days - 1) as repeats
    from (
      select count(*) as days
      from (
        select d.rule, d.operator, d.day
        from daily as d
        where not d.in_total and d.records + d.batches > 0
        group by d.rule, d.operator, d.day
      ) as b
      group by b.rule, b.operator
    ) as o
  )
  select
    false, array(
      select case u.name when 'rule' then g.of_rule when 'severity' then (array['other', 'critical'])[u.key + 1]
        else api.report_key_text(u.name, u.key) end
      from unnest(p_by, array[g.key_1, g.key_2, g.key_3]) with ordinality as u (name, key, place)
      where u.name is not null order by u.place),
    g.records, g.critical, g.batches, g.amount, g.operators, coalesce(r.repeats, 0)
  from grouped as g
  left join repeated as r on r.of_rule is not distinct from g.of_rule and r.key_1 = g.key_1 and r.key_2 = g.key_2
    and r.key_3 = g.key_3
  union all
  select
    true, null, coalesce(api.total(d.records), 0), coalesce(api.total(d.critical), 0),
    coalesce(api.total(d.batches), 0), coalesce(api.total(d.amount), 0), count(distinct d.operator),
    coalesce((select a.repeats from repeated_at_all as a), 0)
  from daily as d where d.in_total
  order by 1, 2;
end
$body$;
comment on function api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
  text[]
) is 'Breaches and refusals by rule and severity: how many, what was staked, of whom, how often again.';
