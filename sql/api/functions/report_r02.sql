create or replace function api.report_r02(
  p_first date, p_last date, p_by text[] default '{operator}', p_operators integer[] default null,
  p_gambling_types smallint[] default null, p_licences integer[] default null,
  p_channels integer[] default null, p_games integer[] default null,
  p_currency smallint default 980, p_as_of timestamptz default null
) returns table (
    is_total boolean, keys text[], expected bigint, received bigint, missing bigint,
    completeness_percent numeric, row_count bigint, batch_count bigint, refused_batch_count bigint,
    refused_row_count bigint, valid_percent numeric, on_time_percent numeric, late_count bigint,
    late_percent numeric, duplicate_count bigint, unique_percent numeric, correction_count bigint,
    declared_days bigint, control_count_difference bigint, control_sum_difference_minor bigint,
    closed_days bigint, matched_percent numeric, quality_score numeric
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of what functions return the planner expects few rows, and would compare each with each of an operator.
  set enable_mergejoin = off
as $body$
-- R02 Completeness and quality of what operators send, by the day of arrival. Missing are numbers that an
-- operator's streams span and that have not come up to now or to the moment (whole streams, so not told by days). On time
-- are rows that came within 2^16 ms (65.5 s), the bound of the histogram nearest to a minute. Valid: accepted rows
-- of all sent in batches whose rows could be counted. Duplicates: records refused because their id was known.
-- Corrections: accepted records that take another back. Control totals are declarations, of days of the
-- events and not of arrival: differences of count and sum of each operator, day and type, without their
-- sign, so that none makes up for another. Matched are payouts and refunds of closed days whose bet is
-- known: of days of the events, too. As what comes late has a day counted again, they are told as of a moment
-- of days that were counted by then, and not where one of them was counted again since. The score takes percentages before they are rounded and is null where one of its five parts is.
-- By rule: refusal:<code> of each refused batch, breach:8 of late rows; nothing else is told of a
-- rule, and rows without one are in the total alone. The parameters are those of every report; see docs/reports.md.
declare
  moment_from constant timestamptz := p_first::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_last + 1)::timestamp at time zone 'Europe/Kyiv';
  -- Days of arrival are made of hours that are over: of each operator, or of all where officials ask of all.
  of_all constant boolean := p_operators is null and not coalesce('operator' = any (p_by), false)
    and nullif(current_setting('dozir.operator_id', true), '') is null;
  last_whole constant date := case when p_as_of is null then p_last
    else least(p_last, (p_as_of at time zone 'Europe/Kyiv')::date - 1) end;
  batches_from constant timestamptz := greatest(moment_from, least(
    (select p.counted_until from api.arrival_progress as p),
    (last_whole + 1)::timestamp at time zone 'Europe/Kyiv'));
  by_rule constant boolean := 'rule' = any (p_by);
  -- The last day that had closed by the moment: at 03:00 of the next.
  last_closed constant date := ((p_as_of at time zone 'Europe/Kyiv') - interval '27 hours')::date;
begin
  perform api.report_check(
    'R02', p_first, p_last, p_by, p_gambling_types, p_licences, p_channels, p_games, p_as_of);
  return query
  with numbered as materialized (
    select n.operator_id, n.expected, n.received from api.report_completeness(p_operators, p_as_of) as n
  ),
  -- Corrections are few, and have an index of their own.
  corrected as materialized (
    select n.operator_id, n.day, max(n.version) as version
    from api.declared_day as n
    where n.version > 1 and n.day >= p_first and n.day <= p_last and n.currency = p_currency
      and (p_as_of is null or n.declared_at <= p_as_of)
      and (p_operators is null or n.operator_id = any (p_operators))
    group by n.operator_id, n.day
  ),
  accepted as (
    select
      d.operator_id, d.day, d.row_count as rows, d.batch_count as batches, d.late_count as late,
      d.on_time_count as on_time, d.correction_count as corrections
    from api.arrival_day as d
    where d.day >= p_first and d.day <= last_whole and d.access_key_id = 0
      and (d.operator_id = 0) = of_all and (p_operators is null or d.operator_id = any (p_operators))
    union all
    select
      b.operator_id, (b.received_at at time zone 'Europe/Kyiv')::date as day, b.row_count::bigint as rows, 1,
      b.late_count::bigint as late,
      -- Histograms end with their last row: a short one has no row that came later.
      case when cardinality(b.lag_histogram) <= 64 then b.row_count::bigint
        else (select sum(u.many) from unnest(b.lag_histogram[1:64]) as u (many)) end as on_time,
      (select coalesce(sum(t.cancelled_count), 0) from unnest(b.totals) as t)::bigint as corrections
    from api.batch as b
    where b.received_at >= batches_from and b.received_at < moment_until
      and (p_as_of is null or b.received_at <= p_as_of)
      and (p_operators is null or b.operator_id = any (p_operators))
  ),
  refused as (
    select
      r.operator_id, (r.refused_at at time zone 'Europe/Kyiv')::date as day,
      coalesce(r.row_count, 0)::bigint as rows,
      coalesce((r.codes ->> 'duplicate_id')::bigint, 0) as duplicates, r.code
    from api.refusal as r
    where r.refused_at >= moment_from and r.refused_at < moment_until
      and (p_as_of is null or r.refused_at <= p_as_of)
      and (p_operators is null or r.operator_id = any (p_operators))
  ),
  rules as materialized (
    select c.code, row_number() over (order by c.code) as number
    from (
      select 'breach:8' as code
      union
      select 'refusal:' || r.code from refused as r
    ) as c
    where by_rule
  ),
  arrived as (
    select
      a.operator_id, a.day, a.rows, a.batches::bigint, case when by_rule then 0 else a.late end as late,
      a.on_time, a.corrections, 0::bigint as refusals, 0::bigint as refused_rows,
      0::bigint as duplicates, null::bigint as rule
    from accepted as a
    union all
    select a.operator_id, a.day, 0, 0, a.late, 0, 0, 0, 0, 0, u.number
    from accepted as a
    join rules as u on u.code = 'breach:8'
    where a.late <> 0
    union all
    select r.operator_id, r.day, 0, 0, 0, 0, 0, 1, r.rows, r.duplicates, u.number
    from refused as r
    left join rules as u on u.code = 'refusal:' || r.code
    union all
    select c.operator_id, p_last, 0, 0, 0, 0, 0, 0, 0, 0, null from numbered as c
    where api.report_time_dimension(p_by) is null
  ),
  keyed as (
    select
      case p_by[1] when 'rule' then a.rule
        else api.report_key(p_by[1], a.day, null, a.operator_id, null, null, null, null, null, null, null)
      end as key_1,
      case p_by[2] when 'rule' then a.rule
        else api.report_key(p_by[2], a.day, null, a.operator_id, null, null, null, null, null, null, null)
      end as key_2,
      case p_by[3] when 'rule' then a.rule
        else api.report_key(p_by[3], a.day, null, a.operator_id, null, null, null, null, null, null, null)
      end as key_3,
      a.*
    from arrived as a
  ),
  summed as materialized (
    select
      grouping(k.key_1, k.key_2, k.key_3) <> 0 as is_total, coalesce(k.key_1, -1) as key_1,
      coalesce(k.key_2, -1) as key_2, coalesce(k.key_3, -1) as key_3,
      coalesce(api.total(k.rows), 0) as rows, coalesce(api.total(k.batches), 0) as batches,
      coalesce(api.total(k.late), 0) as late, coalesce(api.total(k.on_time), 0) as on_time,
      coalesce(api.total(k.corrections), 0) as corrections,
      coalesce(api.total(k.refusals), 0) as refusals,
      coalesce(api.total(k.refused_rows), 0) as refused_rows,
      coalesce(api.total(k.duplicates), 0) as duplicates
    from keyed as k
    group by grouping sets ((k.key_1, k.key_2, k.key_3), ())
    having cardinality(p_by) > 0 or grouping(k.key_1, k.key_2, k.key_3) <> 0
  ),
  -- What was declared, less what was received of the same days: up to now from the days themselves.
  differing as (
    select
      d.operator_id, d.day, 1::bigint as days,
      d.bet_count, d.bet_minor,
      d.win_count, d.win_minor,
      d.refund_count, d.refund_minor,
      d.deposit_count, d.deposit_minor,
      d.withdrawal_count, d.withdrawal_minor
    from api.declared_day as d
    left join corrected as n on n.operator_id = d.operator_id and n.day = d.day
    where d.day >= p_first and d.day <= p_last and d.currency = p_currency
      and (p_as_of is null or d.declared_at <= p_as_of)
      and (p_operators is null or d.operator_id = any (p_operators))
      and d.version = coalesce(n.version, 1)
    union all
    select
      r.operator_id, r.day, 0,
      -r.bet_count, -r.bet_minor,
      -r.win_count, -r.win_minor,
      -r.refund_count, -r.refund_minor,
      -r.deposit_count, -r.deposit_minor,
      -r.withdrawal_count, -r.withdrawal_minor
    from api.rollup_day as r
    where p_as_of is null and r.day >= p_first and r.day <= p_last and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
    union all
    select
      x.key_1::integer, date '2000-01-01' + x.key_2::integer, 0,
      -x.bet_count, -x.bet_minor,
      -x.win_count, -x.win_minor,
      -x.refund_count, -x.refund_minor,
      -x.deposit_count, -x.deposit_minor,
      -x.withdrawal_count, -x.withdrawal_minor
    from api.report_flows(
      p_first, p_last, array['operator', 'day'], p_operators, null, null, null, null, p_currency,
      p_as_of) as x
    where p_as_of is not null and not x.is_total
  ),
  compared as (
    select
      api.report_key(p_by[1], c.day, null, c.operator_id, null, null, null, null, null, null, null) as key_1,
      api.report_key(p_by[2], c.day, null, c.operator_id, null, null, null, null, null, null, null) as key_2,
      api.report_key(p_by[3], c.day, null, c.operator_id, null, null, null, null, null, null, null) as key_3,
      c.counts, c.sums
    from (
      select
        d.operator_id, d.day,
        abs(api.total(d.bet_count))
        + abs(api.total(d.win_count))
        + abs(api.total(d.refund_count))
        + abs(api.total(d.deposit_count))
        + abs(api.total(d.withdrawal_count)) as counts,
        abs(api.total(d.bet_minor))
        + abs(api.total(d.win_minor))
        + abs(api.total(d.refund_minor))
        + abs(api.total(d.deposit_minor))
        + abs(api.total(d.withdrawal_minor)) as sums
      from differing as d
      group by d.operator_id, d.day
      having api.total(d.days) > 0
    ) as c
  ),
  controlled as materialized (
    select
      grouping(c.key_1, c.key_2, c.key_3) <> 0 as is_total, coalesce(c.key_1, -1) as key_1,
      coalesce(c.key_2, -1) as key_2, coalesce(c.key_3, -1) as key_3, count(*) as days,
      api.total(c.counts) as counts, api.total(c.sums) as sums
    from compared as c
    group by grouping sets ((c.key_1, c.key_2, c.key_3), ())
    having cardinality(p_by) > 0 or grouping(c.key_1, c.key_2, c.key_3) <> 0
  ),
  -- By key and day first, as a day is counted once, whoever's it is.
  closed as (
    select
      api.report_key(p_by[1], m.day, null, m.operator_id, null, null, null, null, null, null, null) as key_1,
      api.report_key(p_by[2], m.day, null, m.operator_id, null, null, null, null, null, null, null) as key_2,
      api.report_key(p_by[3], m.day, null, m.operator_id, null, null, null, null, null, null, null) as key_3,
      m.day, api.total(m.known_count) as known, api.total(m.unknown_count) as unknown,
      bool_or(p_as_of is not null and m.counted_at > p_as_of) as again
    from api.matched_day as m
    where m.day >= p_first and m.day <= p_last and (p_as_of is null or m.day <= last_closed)
      and (p_operators is null or m.operator_id = any (p_operators))
    group by 1, 2, 3, 4
  ),
  matched as materialized (
    select
      false as is_total, coalesce(c.key_1, -1) as key_1, coalesce(c.key_2, -1) as key_2,
      coalesce(c.key_3, -1) as key_3, count(*) as days, api.total(c.known) as known,
      api.total(c.unknown) as unknown, bool_or(c.again) as again
    from closed as c
    where cardinality(p_by) > 0
    group by c.key_1, c.key_2, c.key_3
    union all
    select
      true, -1, -1, -1, count(*), coalesce(api.total(d.known), 0), coalesce(api.total(d.unknown), 0),
      coalesce(bool_or(d.again), false)
    from (
      select api.total(c.known) as known, api.total(c.unknown) as unknown, bool_or(c.again) as again
      from closed as c
      group by c.day
    ) as d
  ),
  -- Every row: what is declared or closed alone has one, too.
  places as (
    select f.is_total, f.key_1, f.key_2, f.key_3 from summed as f
    union
    select t.is_total, t.key_1, t.key_2, t.key_3 from controlled as t
    union
    select m.is_total, m.key_1, m.key_2, m.key_3 from matched as m
  ),
  told as (
    select
      p.is_total, p.key_1, p.key_2, p.key_3, c.expected, c.received,
      coalesce(f.rows, 0) as rows, coalesce(f.batches, 0) as batches, coalesce(f.late, 0) as late,
      coalesce(f.on_time, 0) as on_time, coalesce(f.corrections, 0) as corrections,
      coalesce(f.refusals, 0) as refusals, coalesce(f.refused_rows, 0) as refused_rows,
      coalesce(f.duplicates, 0) as duplicates, coalesce(f.rows + f.refused_rows, 0) as sent,
      coalesce(m.known, 0) as known,
      case when m.again then null else coalesce(m.known + m.unknown, 0) end as payouts,
      case when m.again then null else coalesce(m.days, 0) end as closed_days,
      coalesce(t.days, 0) as declared_days, t.counts, t.sums,
      -- Of a rule nothing is told but what it counts.
      by_rule and not p.is_total as of_rule
    from places as p
    left join summed as f on f.is_total = p.is_total and f.key_1 = p.key_1 and f.key_2 = p.key_2
      and f.key_3 = p.key_3
    left join controlled as t on t.is_total = p.is_total and t.key_1 = p.key_1 and t.key_2 = p.key_2
      and t.key_3 = p.key_3
    left join matched as m on m.is_total = p.is_total and m.key_1 = p.key_1 and m.key_2 = p.key_2
      and m.key_3 = p.key_3
    left join numbered as n on p_by = array['operator'] and not p.is_total and n.operator_id = p.key_1
    cross join (
      select coalesce(api.total(w.expected), 0) as expected, coalesce(api.total(w.received), 0) as received
      from numbered as w
    ) as w
    cross join lateral (
      select
        case when p.is_total then w.expected else n.expected end as expected,
        case when p.is_total then w.received else n.received end as received
    ) as c
    where not by_rule or p.is_total
      or (array[p.key_1, p.key_2, p.key_3])[array_position(p_by, 'rule')] <> -1
  )
  select
    o.is_total,
    case when o.of_rule then array(
      select case u.name
        when 'rule' then (select r.code from rules as r where r.number = u.key)
        else api.report_key_text(u.name, u.key) end
      from unnest(p_by, (array[o.key_1, o.key_2, o.key_3])[1:cardinality(p_by)])
        with ordinality as u (name, key, place)
      order by u.place)
      else api.report_keys(p_by, o.is_total, o.key_1, o.key_2, o.key_3) end,
    o.expected, o.received, o.expected - o.received, api.percent(o.received, o.expected),
    case when not o.of_rule then o.rows end, case when not o.of_rule then o.batches end, o.refusals,
    o.refused_rows, case when not o.of_rule then api.percent(o.rows, o.sent) end,
    api.percent(o.on_time, o.rows), o.late, api.percent(o.late, o.rows), o.duplicates,
    case when not o.of_rule then api.percent(o.sent - o.duplicates, o.sent) end,
    case when not o.of_rule then o.corrections end, case when not o.of_rule then o.declared_days end,
    case when not o.of_rule then o.counts end, case when not o.of_rule then o.sums end,
    case when not o.of_rule then o.closed_days end, api.percent(o.known, o.payouts),
    case when o.expected > 0 and o.rows > 0 and o.payouts > 0 then round(
      30.0 * o.received / o.expected + 25.0 * o.on_time / o.rows + 20.0 * o.rows / o.sent
      + 15.0 * o.known / o.payouts + 10.0 * (o.sent - o.duplicates) / o.sent, 4) end
  from told as o
  order by o.is_total, o.key_1, o.key_2, o.key_3;
end
$body$;
comment on function api.report_r02(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
) is 'Completeness and quality of what operators send.';
