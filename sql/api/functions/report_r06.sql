create or replace function api.report_r06(
  p_first date, p_last date, p_by text[] default '{rule}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
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
-- parameters are those of every report; see docs/reports.md.
declare
  by_rule constant boolean := 'rule' = any (p_by);
begin
  perform api.report_check(
    'R06', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with found as (
    select
      case when b.mark is not null then 'breach:' || b.mark end as rule, x.key_1 as operator,
      date '2000-01-01' + x.key_2::integer as day,
      case when case when by_rule and b.mark is not null then b.mark else x.key_3 end & 3 <> 0 then 'critical'
        else 'other' end as severity,
      x.bet_count + x.win_count + x.refund_count + x.deposit_count + x.withdrawal_count as records,
      case when x.key_3 & 3 <> 0 then
        x.bet_count + x.win_count + x.refund_count + x.deposit_count + x.withdrawal_count else 0 end as critical,
      0::bigint as batches, x.bet_minor as amount, b.mark is null as in_total
    from api.report_flows(
    p_first, p_last, array['operator', 'day', 'breach'], p_operators, p_gambling_types, p_licences, p_channels, p_games,
    p_currency, p_as_of, p_breach => 15) as x
    cross join lateral (
      select m.mark from unnest(array[1, 2, 4, 8, null]) as m (mark)
      where m.mark is null or x.key_3 & m.mark <> 0
    ) as b
    where not x.is_total
    union all
    select
      case when s.in_total then null else 'refusal:' || r.code end, r.operator_id::bigint,
      (r.refused_at at time zone 'Europe/Kyiv')::date, 'other', 0, 0, 1, 0, s.in_total
    from api.refusal as r
    cross join (values (true), (false)) as s (in_total)
    where r.refused_at >= p_first::timestamp at time zone 'Europe/Kyiv'
      and r.refused_at < (p_last + 1)::timestamp at time zone 'Europe/Kyiv'
      and (p_as_of is null or r.refused_at <= p_as_of)
      and (p_operators is null or r.operator_id = any (p_operators))
      and p_gambling_types is null and p_licences is null and p_channels is null
  ),
  keyed as (
    select
      array(
        select case u.name when 'rule' then n.rule when 'operator' then n.operator::text when 'severity' then n.severity
          else api.report_key_text(u.name, api.report_key(
            u.name, n.day, null, null, null, null, null, null, null, null, null)) end
        from unnest(p_by) with ordinality as u (name, place) order by u.place) as row_keys,
      n.rule, n.day, n.operator, n.records, n.critical, n.batches, n.amount, n.in_total
    from found as n
  ),
  -- Days of each operator on which a rule was broken.
  broken as (
    select k.row_keys, k.rule, k.operator, k.day from keyed as k
    where not k.in_total
    group by k.row_keys, k.rule, k.operator, k.day having sum(k.records + k.batches) > 0
  ),
  repeated as (
    select b.row_keys, count(*) - count(distinct (b.rule, b.operator)) as repeats
    from broken as b
    where cardinality(p_by) > 0 group by b.row_keys
    union all
    select null, count(distinct (b.rule, b.operator, b.day)) - count(distinct (b.rule, b.operator)) from broken as b
  ),
  summed as (
    select
      false as is_total, k.row_keys, sum(k.records)::bigint as records, sum(k.critical)::bigint as critical,
      sum(k.batches)::bigint as batches, sum(k.amount)::bigint as amount, count(distinct k.operator) as operators
    from keyed as k
    where cardinality(p_by) > 0 and k.in_total <> by_rule
    group by k.row_keys
    union all
    select
      true, null, coalesce(sum(k.records), 0)::bigint, coalesce(sum(k.critical), 0)::bigint,
      coalesce(sum(k.batches), 0)::bigint, coalesce(sum(k.amount), 0)::bigint, count(distinct k.operator)
    from keyed as k where k.in_total
  )
  select
    s.is_total, s.row_keys, s.records, s.critical, s.batches, s.amount, s.operators, coalesce(r.repeats, 0)
  from summed as s
  left join repeated as r on r.row_keys is not distinct from s.row_keys
  order by 1, 2;
end
$body$;
comment on function api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Breaches and refusals by rule and severity: how many, what was staked, of whom, how often again.';
