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
  set work_mem = '64MB'
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
    select
      api.report_key(p_by[1], r.day, null, r.operator_id, null, null, null, null, null, null, null) as key_1,
      api.report_key(p_by[2], r.day, null, r.operator_id, null, null, null, null, null, null, null) as key_2,
      api.report_key(p_by[3], r.day, null, r.operator_id, null, null, null, null, null, null, null) as key_3,
      r.operator_id, 'refusal:' || r.code as rule, api.total(r.batches) as batches, count(*) as days
    from (
      select
        f.operator_id, (f.refused_at at time zone 'Europe/Kyiv')::date as day, f.code, count(*) as batches
      from api.refusal as f
      where f.refused_at >= p_first::timestamp at time zone 'Europe/Kyiv'
        and f.refused_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
        and (p_as_of is null or f.refused_at <= p_as_of)
        and (p_operators is null or f.operator_id = any (p_operators))
        and p_gambling_types is null and p_licences is null and p_channels is null
        and (p_rules is null or 'refusal:' || f.code = any (p_rules))
      group by 1, 2, 3
    ) as r
    group by 1, 2, 3, 4, 5
  ),
  -- A record stands under each of its marks that are asked for: 4 and 8 apart for critical records and others.
  marked_day as (
    select
      f.operator_id, f.day,
      api.total(f.records) filter (where f.critical) as critical,
      api.total(f.records) filter (where not f.critical) as others,
      api.total(f.amount) filter (where f.critical) as critical_amount,
      api.total(f.amount) filter (where not f.critical) as other_amount,
      api.total(f.records) filter (where f.marks & 1 <> 0) as records_1,
      api.total(f.records) filter (where f.marks & 2 <> 0) as records_2,
      api.total(f.records) filter (where f.marks & 4 <> 0 and f.critical) as critical_4,
      api.total(f.records) filter (where f.marks & 4 <> 0 and not f.critical) as others_4,
      api.total(f.records) filter (where f.marks & 8 <> 0 and f.critical) as critical_8,
      api.total(f.records) filter (where f.marks & 8 <> 0 and not f.critical) as others_8,
      api.total(f.amount) filter (where f.marks & 1 <> 0) as amount_1,
      api.total(f.amount) filter (where f.marks & 2 <> 0) as amount_2,
      api.total(f.amount) filter (where f.marks & 4 <> 0) as amount_4,
      api.total(f.amount) filter (where f.marks & 8 <> 0) as amount_8
    from (
      select
        r.operator_id, r.day, r.breach & mask as marks, r.breach & 3 <> 0 as critical, r.record_count as records,
        r.bet_minor as amount
      from api.marked_rows(
        p_first, p_last, p_first, p_first, p_operators, p_gambling_types, p_licences, p_channels, p_currency,
        mask) as r
      where p_as_of is null
      union all
      select
        x.key_1::integer, date '2000-01-01' + x.key_2::integer, x.key_3 & mask, x.key_3 & 3 <> 0, x.record_count,
        x.bet_minor
      from api.mark_flows(
        p_first, p_last, array['operator', 'day', 'breach'], p_operators, p_gambling_types, p_licences,
        p_channels, p_currency, p_as_of, mask) as x
      where p_as_of is not null
    ) as f
    group by f.operator_id, f.day
  ),
  -- Of each row and operator, with the days on which each rule was broken.
  marked as materialized (
    select
      api.report_key(p_by[1], d.day, null, d.operator_id, null, null, null, null, null, null, null) as key_1,
      api.report_key(p_by[2], d.day, null, d.operator_id, null, null, null, null, null, null, null) as key_2,
      api.report_key(p_by[3], d.day, null, d.operator_id, null, null, null, null, null, null, null) as key_3,
      d.operator_id,
      api.total(d.critical) as critical, api.total(d.others) as others,
      api.total(d.critical_amount) as critical_amount, api.total(d.other_amount) as other_amount,
      api.total(d.records_1) as records_1, api.total(d.records_2) as records_2,
      api.total(d.critical_4) as critical_4, api.total(d.others_4) as others_4,
      api.total(d.critical_8) as critical_8, api.total(d.others_8) as others_8,
      api.total(d.amount_1) as amount_1, api.total(d.amount_2) as amount_2,
      api.total(d.amount_4) as amount_4, api.total(d.amount_8) as amount_8,
      count(*) filter (where d.records_1 > 0) as days_1, count(*) filter (where d.records_2 > 0) as days_2,
      count(*) filter (where coalesce(d.critical_4, 0) + coalesce(d.others_4, 0) > 0) as days_4,
      count(*) filter (where coalesce(d.critical_8, 0) + coalesce(d.others_8, 0) > 0) as days_8,
      count(*) filter (where d.critical_4 > 0) as critical_days_4,
      count(*) filter (where d.others_4 > 0) as other_days_4,
      count(*) filter (where d.critical_8 > 0) as critical_days_8,
      count(*) filter (where d.others_8 > 0) as other_days_8
    from marked_day as d
    group by 1, 2, 3, 4
  ),
  -- Each operator once in each row. Of what no record tells there is no row; repeated are the days of a rule
  -- after the first. A select for each kind of row: those that are not asked for are left out of the plan.
  found as (
    select
      m.key_1, m.key_2, m.key_3, 'breach:1' as rule, 1 as severity, m.operator_id, m.records_1 as records,
      m.records_1 as critical, 0::bigint as batches, m.amount_1 as amount, greatest(m.days_1 - 1, 0) as repeats
    from marked as m
    where by_rule and m.records_1 is not null
    union all
    select
      m.key_1, m.key_2, m.key_3, 'breach:2', 1, m.operator_id, m.records_2, m.records_2, 0, m.amount_2,
      greatest(m.days_2 - 1, 0)
    from marked as m
    where by_rule and m.records_2 is not null
    union all
    select
      m.key_1, m.key_2, m.key_3, 'breach:4', 0, m.operator_id,
      coalesce(m.critical_4, 0) + coalesce(m.others_4, 0), m.critical_4, 0, m.amount_4, greatest(m.days_4 - 1, 0)
    from marked as m
    where by_rule and coalesce(m.critical_4, m.others_4) is not null
    union all
    select
      m.key_1, m.key_2, m.key_3, 'breach:8', 0, m.operator_id,
      coalesce(m.critical_8, 0) + coalesce(m.others_8, 0), m.critical_8, 0, m.amount_8, greatest(m.days_8 - 1, 0)
    from marked as m
    where by_rule and coalesce(m.critical_8, m.others_8) is not null
    union all
    select
      m.key_1, m.key_2, m.key_3, null, 1, m.operator_id, m.critical, m.critical, 0, m.critical_amount,
      greatest(m.days_1 - 1, 0) + greatest(m.days_2 - 1, 0) + greatest(m.critical_days_4 - 1, 0)
      + greatest(m.critical_days_8 - 1, 0)
    from marked as m
    where by_severity and not by_rule and m.critical is not null
    union all
    select
      m.key_1, m.key_2, m.key_3, null, 0, m.operator_id, m.others, 0, 0, m.other_amount,
      greatest(m.other_days_4 - 1, 0) + greatest(m.other_days_8 - 1, 0)
    from marked as m
    where by_severity and not by_rule and m.others is not null
    union all
    select
      m.key_1, m.key_2, m.key_3, null, 0, m.operator_id, coalesce(m.critical, 0) + coalesce(m.others, 0),
      m.critical, 0, coalesce(m.critical_amount, 0) + coalesce(m.other_amount, 0),
      greatest(m.days_1 - 1, 0) + greatest(m.days_2 - 1, 0) + greatest(m.days_4 - 1, 0) + greatest(m.days_8 - 1, 0)
    from marked as m
    where not by_severity and not by_rule and cardinality(p_by) > 0
    union all
    select
      r.key_1, r.key_2, r.key_3, case when by_rule then r.rule end, 0, r.operator_id, 0, 0, r.batches, 0, r.days - 1
    from refused as r
    where cardinality(p_by) > 0
  ),
  -- The same of the whole period: a day stands in one row of time alone.
  found_in_all as (
    select
      m.operator_id, coalesce(api.total(m.critical), 0) + coalesce(api.total(m.others), 0) as records,
      api.total(m.critical) as critical, 0::bigint as batches,
      coalesce(api.total(m.critical_amount), 0) + coalesce(api.total(m.other_amount), 0) as amount,
      greatest(api.total(m.days_1) - 1, 0) + greatest(api.total(m.days_2) - 1, 0)
      + greatest(api.total(m.days_4) - 1, 0) + greatest(api.total(m.days_8) - 1, 0) as repeats
    from marked as m
    group by m.operator_id
    union all
    select r.operator_id, 0, 0, api.total(r.batches), 0, api.total(r.days) - 1
    from refused as r
    group by r.operator_id, r.rule
  ),
  -- So each operator is counted once, whatever it did.
  grouped as (
    select
      o.key_1, o.key_2, o.key_3, o.rule, o.severity, api.total(o.records) as records,
      api.total(o.critical) as critical, api.total(o.batches) as batches, api.total(o.amount) as amount,
      count(*) as operators, api.total(o.repeats) as repeats
    from (
      select
        n.key_1, n.key_2, n.key_3, n.rule, n.severity, n.operator_id, api.total(n.records) as records,
        api.total(n.critical) as critical, api.total(n.batches) as batches, api.total(n.amount) as amount,
        api.total(n.repeats) as repeats
      from found as n
      group by n.key_1, n.key_2, n.key_3, n.rule, n.severity, n.operator_id
    ) as o
    group by o.key_1, o.key_2, o.key_3, o.rule, o.severity
  )
  select
    false, array(
      select case u.name when 'rule' then g.rule when 'severity' then (array['other', 'critical'])[g.severity + 1]
        else api.report_key_text(u.name, u.key) end
      from unnest(p_by, array[g.key_1, g.key_2, g.key_3]) with ordinality as u (name, key, place)
      where u.name is not null order by u.place),
    g.records, coalesce(g.critical, 0), g.batches, g.amount, g.operators, g.repeats
  from grouped as g
  union all
  select
    true, null, coalesce(api.total(o.records), 0), coalesce(api.total(o.critical), 0),
    coalesce(api.total(o.batches), 0), coalesce(api.total(o.amount), 0), count(*), coalesce(api.total(o.repeats), 0)
  from (
    select
      n.operator_id, api.total(n.records) as records, api.total(n.critical) as critical,
      api.total(n.batches) as batches, api.total(n.amount) as amount, api.total(n.repeats) as repeats
    from found_in_all as n
    group by n.operator_id
  ) as o
  order by 1, 2;
end
$body$;
comment on function api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
  text[]
) is 'Breaches and refusals by rule and severity: how many, what was staked, of whom, how often again.';
