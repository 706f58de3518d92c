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
-- is critical. Repeated is a rule on each day, of an operator, after the first on which it was broken: of which a
-- record bears its mark, cancelled since or not, or cancelling one itself. The parameters are those of every
-- report, see docs/reports.md, and the rules to which it is narrowed.
-- Operators are counted as sets (api.operator_bit), one for each block of 1,024: of a whole market a day that is
-- counted is a few rows, however many operators it has. Where operators are told apart, an operator asks, a part
-- of the market or a moment is asked for, their own rows are read.
declare
  by_rule constant boolean := coalesce('rule' = any (p_by), false);
  by_severity constant boolean := coalesce('severity' = any (p_by), false);
  by_operator constant boolean := coalesce('operator' = any (p_by), false);
  of_market constant boolean := not by_operator and p_as_of is null and p_operators is null
    and p_gambling_types is null and p_licences is null and p_channels is null
    and nullif(current_setting('dozir.operator_id', true), '') is null;
  -- The marks asked for.
  mask constant integer := (
    select coalesce(bit_or(m.mark), 0)
    from (values (1), (2), (4), (8)) as m (mark)
    where p_rules is null or 'breach:' || m.mark = any (p_rules));
begin
  perform api.report_check(
    'R06', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  -- Of each day, and of each operator where rows are of operators.
  with marked as materialized (
    select
      f.operator_id, f.day, f.block, f.breach & mask as marks, f.breach & 3 <> 0 as critical,
      api.total(f.records) as records, api.total(f.amount) as amount, bit_or(f.operators) as operators
    from (
      select
        null::integer as operator_id, r.day, r.breach, r.record_count as records, r.bet_minor as amount, r.block,
        r.operators
      from api.rollup_market_mark_day as r
      where of_market and r.day >= p_first and r.day <= p_last and r.currency = p_currency
        and r.breach & mask <> 0
      union all
      select
        null, h.day, h.breach, h.records, h.amount, api.operator_block(h.operator_id),
        api.operator_bit(h.operator_id)
      from (  -- a bit for each operator, not for each row
        select
          r.operator_id, r.day, r.breach, api.total(r.record_count) as records, api.total(r.bet_minor) as amount
        from api.marked_hours(p_first, p_last, null, null, null, null, p_currency, mask) as r
        where of_market
        group by r.operator_id, r.day, r.breach
      ) as h
      union all
      select
        case when by_operator then r.operator_id end, r.day, r.breach, r.record_count, r.bet_minor,
        api.operator_block(r.operator_id), api.operator_bit(r.operator_id)
      from api.marked_rows(
        p_first, p_last, p_first, p_first, p_operators, p_gambling_types, p_licences, p_channels, p_currency,
        mask) as r
      where not of_market and p_as_of is null
      union all
      select
        case when by_operator then x.key_1::integer end, date '2000-01-01' + x.key_2::integer, x.key_3::smallint,
        x.record_count, x.bet_minor, api.operator_block(x.key_1::integer), api.operator_bit(x.key_1::integer)
      from api.mark_flows(
        p_first, p_last, array['operator', 'day', 'breach'], p_operators, p_gambling_types, p_licences,
        p_channels, p_currency, p_as_of, mask) as x
      where p_as_of is not null
    ) as f
    group by 1, 2, 3, 4, 5
  ),
  refused as (
    select
      case when by_operator then f.operator_id end as operator_id,
      (f.refused_at at time zone 'Europe/Kyiv')::date as day, api.operator_block(f.operator_id) as block, f.code,
      count(*) as batches, bit_or(api.operator_bit(f.operator_id)) as operators
    from api.refusal as f
    where f.refused_at >= p_first::timestamp at time zone 'Europe/Kyiv'
      and f.refused_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
      and (p_as_of is null or f.refused_at <= p_as_of)
      and (p_operators is null or f.operator_id = any (p_operators))
      and p_gambling_types is null and p_licences is null and p_channels is null
      and (p_rules is null or 'refusal:' || f.code = any (p_rules))
    group by 1, 2, 3, 4
  ),
  -- Each rule on each day. Where rules are not told apart a record stands under the first of its marks alone.
  broken as materialized (
    select
      f.key_1, f.key_2, f.key_3, f.severity, f.rule, f.day, f.block,
      coalesce(api.total(f.records), 0) as records,
      coalesce(api.total(f.records) filter (where f.critical), 0) as critical,
      coalesce(api.total(f.amount), 0) as amount, api.total(f.batches) as batches, bit_or(f.operators) as operators
    from (
      select
        api.report_key(p_by[1], m.day, null, m.operator_id, null, null, null, null, null, null, null) as key_1,
        api.report_key(p_by[2], m.day, null, m.operator_id, null, null, null, null, null, null, null) as key_2,
        api.report_key(p_by[3], m.day, null, m.operator_id, null, null, null, null, null, null, null) as key_3,
        case when by_severity then case when by_rule then r.mark <= 2 else m.critical end end as severity,
        'breach:' || r.mark as rule, m.day, m.block, m.critical, 0::bigint as batches, m.operators,
        case when by_rule or r.mark = m.marks & -m.marks then m.records end as records,
        case when by_rule or r.mark = m.marks & -m.marks then m.amount end as amount
      from marked as m
      join (values (1), (2), (4), (8)) as r (mark) on m.marks & r.mark <> 0
      union all
      select
        api.report_key(p_by[1], r.day, null, r.operator_id, null, null, null, null, null, null, null),
        api.report_key(p_by[2], r.day, null, r.operator_id, null, null, null, null, null, null, null),
        api.report_key(p_by[3], r.day, null, r.operator_id, null, null, null, null, null, null, null),
        case when by_severity then false end, 'refusal:' || r.code, r.day, r.block, false, r.batches, r.operators,
        0, 0
      from refused as r
    ) as f
    group by 1, 2, 3, 4, 5, 6, 7
  ),
  -- Each row of the report, with the operators in it.
  told as (
    select
      o.key_1, o.key_2, o.key_3, o.severity, o.rule, api.total(o.records) as records,
      api.total(o.critical) as critical, api.total(o.batches) as batches, api.total(o.amount) as amount,
      api.total(bit_count(o.operators)) as operators, api.total(o.repeats) as repeats
    from (
      select
        n.key_1, n.key_2, n.key_3, n.severity, case when by_rule then n.rule end as rule, n.block,
        api.total(n.records) as records, api.total(n.critical) as critical, api.total(n.batches) as batches,
        api.total(n.amount) as amount, bit_or(n.operators) as operators, api.total(n.repeats) as repeats
      from (
        select
          b.key_1, b.key_2, b.key_3, b.severity, b.rule, b.block, api.total(b.records) as records,
          api.total(b.critical) as critical, api.total(b.batches) as batches, api.total(b.amount) as amount,
          bit_or(b.operators) as operators,
          api.total(bit_count(b.operators)) - bit_count(bit_or(b.operators)) as repeats
        from broken as b
        where cardinality(p_by) > 0
        group by 1, 2, 3, 4, 5, 6
      ) as n
      group by 1, 2, 3, 4, 5, 6
    ) as o
    group by 1, 2, 3, 4, 5
  ),
  -- Of the whole period: each rule in a block.
  total as (
    select
      d.rule, d.block, bit_or(d.operators) as operators, api.total(d.batches) as batches,
      api.total(bit_count(d.operators)) - bit_count(bit_or(d.operators)) as repeats
    from (
      select b.rule, b.day, b.block, bit_or(b.operators) as operators, api.total(b.batches) as batches
      from broken as b
      group by 1, 2, 3
    ) as d
    group by 1, 2
  )
  select
    false, array(
      select case u.name when 'rule' then t.rule
        when 'severity' then case when t.severity then 'critical' else 'other' end
        else api.report_key_text(u.name, u.key) end
      from unnest(p_by, array[t.key_1, t.key_2, t.key_3]) with ordinality as u (name, key, place)
      where u.name is not null order by u.place),
    t.records, t.critical, t.batches, t.amount, t.operators, t.repeats
  from told as t
  union all
  select
    true, null, coalesce(m.records, 0), coalesce(m.critical, 0), coalesce(t.batches, 0), coalesce(m.amount, 0),
    coalesce(o.operators, 0), coalesce(t.repeats, 0)
  from (
    select
      api.total(n.records) as records, api.total(n.records) filter (where n.critical) as critical,
      api.total(n.amount) as amount
    from marked as n
  ) as m
  cross join (select api.total(n.batches) as batches, api.total(n.repeats) as repeats from total as n) as t
  cross join (
    select api.total(bit_count(b.operators)) as operators
    from (select bit_or(n.operators) as operators from total as n group by n.block) as b
  ) as o
  order by 1, 2;
end
$body$;
comment on function api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz,
  text[]
) is 'Breaches and refusals by rule and severity: how many, what was staked, of whom, how often again.';
