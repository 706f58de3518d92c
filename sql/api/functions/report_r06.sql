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
  with refused as (
    select r.operator_id, (r.refused_at at time zone 'Europe/Kyiv')::date as day, 'refusal:' || r.code as rule
    from api.refusal as r
    where r.refused_at >= p_first::timestamp at time zone 'Europe/Kyiv'
      and r.refused_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
      and (p_as_of is null or r.refused_at <= p_as_of)
      and (p_operators is null or r.operator_id = any (p_operators))
      and p_gambling_types is null and p_licences is null and p_channels is null
      and (p_rules is null or 'refusal:' || r.code = any (p_rules))
  ),
  -- Days of each operator, once for the total and, where rows tell rule or severity, once for those; a record
  -- stands under each of its marks, or once under all that are asked for.
  marked_day as (
    select
      m.in_total, m.in_rows, m.mark, s.severity, f.operator_id, f.day, api.total(f.record_count) as records,
      api.total(f.record_count) filter (where f.breach & 3 <> 0) as critical, api.total(f.bet_minor) as amount,
      api.total(f.record_count) filter (where f.breach & m.mark & 1 <> 0) as records_1,
      api.total(f.record_count) filter (where f.breach & m.mark & 2 <> 0) as records_2,
      api.total(f.record_count) filter (where f.breach & m.mark & 4 <> 0) as records_4,
      api.total(f.record_count) filter (where f.breach & m.mark & 8 <> 0) as records_8
    from (
      select
        x.key_1::integer as operator_id, date '2000-01-01' + x.key_2::integer as day, x.key_3 as breach,
        x.record_count, x.bet_minor
      from api.mark_flows(
        p_first, p_last, array['operator', 'day', 'breach'], p_operators, p_gambling_types, p_licences,
        p_channels, p_currency, p_as_of, mask) as x
    ) as f
    join (
      values (mask, true, not by_rule and not by_severity), (mask, false, by_severity and not by_rule),
      (1, false, by_rule), (2, false, by_rule), (4, false, by_rule), (8, false, by_rule)
    ) as m (mark, in_total, in_rows) on f.breach & m.mark & mask <> 0 and (m.in_total or m.in_rows)
    cross join lateral (
      select case when by_severity and not m.in_total
        and (case when by_rule then m.mark else f.breach end) & 3 <> 0 then 1 else 0 end as severity
    ) as s
    group by m.in_total, m.in_rows, m.mark, s.severity, f.operator_id, f.day
  ),
  -- Of each row and operator; repeated are the days of a rule after the first.
  found as (
    select
      s.is_total, case when by_rule and not s.is_total then 'breach:' || d.mark end as of_rule,
      case when s.is_total then -1 when p_by[1] = 'severity' then d.severity else api.report_key(
        p_by[1], d.day, null, d.operator_id, null, null, null, null, null, null, null) end as key_1,
      case when s.is_total then -1 when p_by[2] = 'severity' then d.severity else api.report_key(
        p_by[2], d.day, null, d.operator_id, null, null, null, null, null, null, null) end as key_2,
      case when s.is_total then -1 when p_by[3] = 'severity' then d.severity else api.report_key(
        p_by[3], d.day, null, d.operator_id, null, null, null, null, null, null, null) end as key_3,
      d.operator_id, api.total(d.records) as records, api.total(d.critical) as critical, 0::bigint as batches,
      api.total(d.amount) as amount,
      greatest(count(*) filter (where d.records_1 > 0) - 1, 0)
      + greatest(count(*) filter (where d.records_2 > 0) - 1, 0)
      + greatest(count(*) filter (where d.records_4 > 0) - 1, 0)
      + greatest(count(*) filter (where d.records_8 > 0) - 1, 0) as repeats
    from marked_day as d
    join (values (true), (false)) as s (is_total) on case when s.is_total then d.in_total
      else d.in_rows and cardinality(p_by) > 0 end
    group by 1, 2, 3, 4, 5, 6
    union all
    select
      s.is_total, case when by_rule and not s.is_total then r.rule end,
      case when s.is_total then -1 when p_by[1] = 'severity' then 0 else api.report_key(
        p_by[1], r.day, null, r.operator_id, null, null, null, null, null, null, null) end as key_1,
      case when s.is_total then -1 when p_by[2] = 'severity' then 0 else api.report_key(
        p_by[2], r.day, null, r.operator_id, null, null, null, null, null, null, null) end as key_2,
      case when s.is_total then -1 when p_by[3] = 'severity' then 0 else api.report_key(
        p_by[3], r.day, null, r.operator_id, null, null, null, null, null, null, null) end as key_3,
      r.operator_id, 0, 0, count(*), 0, count(distinct (r.rule, r.day)) - count(distinct r.rule)
    from refused as r
    cross join (values (true), (false)) as s (is_total)
    where s.is_total or cardinality(p_by) > 0
    group by 1, 2, 3, 4, 5, 6
  ),
  -- So each operator is counted once, whatever it did.
  grouped as (
    select
      o.is_total, o.of_rule, o.key_1, o.key_2, o.key_3, api.total(o.records) as records,
      api.total(o.critical) as critical, api.total(o.batches) as batches, api.total(o.amount) as amount,
      count(*) as operators, api.total(o.repeats) as repeats
    from (
      select
        n.is_total, n.of_rule, n.key_1, n.key_2, n.key_3, n.operator_id, api.total(n.records) as records,
        api.total(n.critical) as critical, api.total(n.batches) as batches, api.total(n.amount) as amount,
        api.total(n.repeats) as repeats
      from found as n
      group by n.is_total, n.of_rule, n.key_1, n.key_2, n.key_3, n.operator_id
    ) as o
    group by o.is_total, o.of_rule, o.key_1, o.key_2, o.key_3
  )
  select
    false, array(
      select case u.name when 'rule' then g.of_rule when 'severity' then (array['other', 'critical'])[u.key + 1]
        else api.report_key_text(u.name, u.key) end
      from unnest(p_by, array[g.key_1, g.key_2, g.key_3]) with ordinality as u (name, key, place)
      where u.name is not null order by u.place),
    g.records, coalesce(g.critical, 0), g.batches, g.amount, g.operators, g.repeats
  from grouped as g
  where not g.is_total
  union all
  select
    true, null, coalesce(api.total(g.records), 0), coalesce(api.total(g.critical), 0),
    coalesce(api.total(g.batches), 0), coalesce(api.total(g.amount), 0), coalesce(api.total(g.operators), 0),
    coalesce(api.total(g.repeats), 0)
  from grouped as g where g.is_total
  order by 1, 2;
end
$body$;
comment on function api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
  text[]
) is 'Breaches and refusals by rule and severity: how many, what was staked, of whom, how often again.';
