"""What the market of the reports' campaign holds, as statements of PostgreSQL that make it.

``campaign.chance(n, salt)`` is a number from 0 to 1 that follows from ``n`` and the seed: nothing
is remembered and nothing depends on the order in which rows are made.
"""

from __future__ import annotations

from typing import LiteralString

from tests.support.batches import HEADS

HELPERS: LiteralString = """
create schema campaign;
create table campaign.setting (
  transactions bigint, seed bigint, operators integer, days integer, last_day date
);
create table campaign.done (step text, day date, row_count bigint);
create table campaign.operator (
  id integer primary key, place integer, share double precision, key integer, licences integer[],
  site integer, venue integer, equipment integer[], games integer[], sequence bigint
);
create function campaign.chance(n bigint, salt bigint) returns double precision
  language sql immutable parallel safe
  return ((hashint8extended(n, salt) >> 12) & 4503599627370495) / 4503599627370496.0::float8;
create function campaign.nil() returns uuid
  language sql immutable parallel safe
  return '00000000-0000-0000-0000-000000000000'::uuid;
-- A version 7 id of a millisecond.
create function campaign.id(ms bigint, n bigint) returns uuid
  language sql immutable parallel safe
  return (
    lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex((n / 10000) & 4095), 3, '0')
    || '8' || lpad(to_hex(n & 1152921504606846975), 15, '0')
  )::uuid;
"""

REGISTERS: tuple[LiteralString, ...] = (
    """
    insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)
    select
      'CAMPAIGN-' || n, 'Оператор № ' || n, 'Operator ' || n, lpad((20000000 + n)::text, 8, '0'),
      '2020-01-01'
    from campaign.setting as s, generate_series(1, s.operators) as n
    """,
    """
    insert into campaign.operator (id, place, share, sequence)
    select
      o.id, o.place, 1.0 / (o.place + 10) / sum(1.0 / (o.place + 10)) over (), 0
    from (
      select id, row_number() over (order by id) as place from registry.operator
      where code like 'CAMPAIGN-%%'
    ) as o
    """,
    # Every third operator has two licences.
    """
    insert into registry.licence (operator_id, number, gambling_type_id, valid_from, valid_until)
    select o.id, 'C-' || o.place || '-' || k, 1 + (o.place + 2 * k) %% 6, '2020-01-01', '2040-01-01'
    from campaign.operator as o, generate_series(0, (o.place %% 3 = 0)::integer) as k
    """,
    """
    insert into registry.channel (operator_id, code, kind, name_uk, name_en, active_from)
    select o.id, 'C-' || k || o.place, k, 'Місце ' || o.place, 'Place ' || o.place, '2020-01-01'
    from campaign.operator as o, unnest(array['website', 'venue']) as k
    """,
    """
    insert into registry.venue (channel_id, operator_id, region, address)
    select c.id, c.operator_id, 'UA-30', 'м. Київ, вул. Вигадана, ' || c.id
    from registry.channel as c where c.kind = 'venue'
    """,
    """
    insert into registry.equipment (
      operator_id, code, kind, channel_id, serial_number, model, active_from, software_sha256
    )
    select
      c.operator_id, 'C-M-' || n, 'slot_machine', c.id, 'SN' || c.id || '-' || n, 'Model',
      timestamptz '2020-01-01' + n * interval '1 day', md5(n::text) || md5(n::text)
    from registry.channel as c, generate_series(1, 3) as n where c.kind = 'venue'
    """,
    """
    insert into registry.game (
      operator_id, code, title, provider, gambling_type_id, declared_rtp_ppm, declared_sigma_ppm,
      active_from
    )
    select
      l.operator_id, 'C-G-' || l.id || '-' || n, 'Game ' || n, 'Provider ' || n,
      l.gambling_type_id, 940000 + 10000 * n, 4000000 * n, '2020-01-01'
    from registry.licence as l, generate_series(1, 3) as n where l.number like 'C-%%'
    """,
    """
    insert into registry.access_key (operator_id, key_id, secret_hmac, label, scopes, created_at)
    select
      o.id, lpad(o.id::text, 12, '0'), sha256(int4send(o.id)), 'Key', '{submit,read}', '2020-01-01'
    from campaign.operator as o
    """,
    """
    update campaign.operator as o set
      key = (select k.id from registry.access_key as k where k.operator_id = o.id),
      licences = array(
        select l.id from registry.licence as l where l.operator_id = o.id order by l.id),
      site = (
        select c.id from registry.channel as c
        where c.operator_id = o.id and c.kind = 'website'),
      venue = (
        select c.id from registry.channel as c where c.operator_id = o.id and c.kind = 'venue'),
      equipment = array(
        select e.id from registry.equipment as e where e.operator_id = o.id order by e.id),
      games = array(select g.id from registry.game as g where g.operator_id = o.id order by 1)
    """,
    # Some were refused, each with a rule of its own.
    """
    insert into ledger.refusal (
      refused_at, operator_id, access_key_id, status, code, error_count, row_count, codes, errors,
      request_id
    )
    select
      now() - (s.days - 1) * campaign.chance(o.id * 10 + n, %(seed)s) * interval '1 day',
      o.id, o.key, 422,
      (array['invalid_batch', 'duplicate_id', 'body_too_large'])[n], 1, 10 * n,
      case when n = 2 then '{"duplicate_id": 3}' else '{}' end::jsonb, '[]', 'campaign'
    from campaign.setting as s, campaign.operator as o, generate_series(1, 3) as n
    """,
)

# One day's batches of 10 s each, spread over it; their rows; their cancellations; what is told of
# the batches. Of fifty batches one comes up to five hours late, of four hundred one after days.
RAW: tuple[LiteralString, ...] = (
    """
    create temporary table made on commit drop as
    with bounds as (
      select
        b.since,
        extract(epoch from least(b.until, now() - interval '10 minutes') - b.since) as seconds
      from (
        select
          %(day)s::timestamp at time zone 'Europe/Kyiv' as since,
          (%(day)s::date + 1)::timestamp at time zone 'Europe/Kyiv' as until
      ) as b
    ),
    planned as (
      select
        o.*, greatest(1, round(%(daily)s * o.share))::integer as wanted,
        least(24, ceil(greatest(1, round(%(daily)s * o.share)) / 10))::integer as batches
      from campaign.operator as o
    ),
    placed as (
      select
        p.id as operator_id, p.place, p.key, p.sequence + row_number() over (
          partition by p.id order by n.no) as sequence,
        p.wanted * (n.no + 1) / p.batches - p.wanted * n.no / p.batches as row_count,
        floor(1000 * (extract(epoch from b.since) + greatest(0, least(
          b.seconds - 11, (n.no + campaign.chance(h.n, %(seed)s)) * b.seconds / p.batches
        ))))::bigint as start_ms,
        case
          when campaign.chance(h.n, %(seed)s + 1) < 0.0025 then
            86400000 * (1 + 2 * campaign.chance(h.n, %(seed)s + 2))
          when campaign.chance(h.n, %(seed)s + 1) < 0.02 then
            1200000 + 16000000 * campaign.chance(h.n, %(seed)s + 2)
          else 100 + 900 * campaign.chance(h.n, %(seed)s + 2)
        end::bigint as lag_ms
      from planned as p
      cross join bounds as b
      cross join lateral generate_series(0, p.batches - 1) as n (no)
      cross join lateral (
        select (%(day)s::date - date '2000-01-01')::bigint * 10000000 + p.place * 100 + n.no as n
      ) as h
      where b.seconds > 600
    )
    select
      nextval('ledger.batch_id') as id, x.*,
      least(
        to_timestamp((x.start_ms + 10000 + x.lag_ms) / 1000.0),
        date_trunc('milliseconds', now()) - interval '1 minute') as received_at
    from (select * from placed order by start_ms) as x
    where x.row_count > 0
    """,
    """
    create temporary table made_row on commit drop as
    select
      to_timestamp(a.ms / 1000.0) as occurred_at, m.operator_id, campaign.id(a.ms, k.n) as id,
      m.id as batch_id, r.no as row_no, t.type,
      case t.type
        when 1 then 100 + floor(exp(9 * campaign.chance(f.n, %(seed)s + 12)))
        when 2 then 100 + floor(exp(9.6 * campaign.chance(f.n, %(seed)s + 12)))
        else 1000 + floor(exp(11 * campaign.chance(f.n, %(seed)s + 12)))
      end::bigint as amount_minor,
      980::smallint as currency, o.licences[1 + (f.n %% cardinality(o.licences))] as licence_id,
      case when c.in_venue then o.venue else o.site end as channel_id,
      case when c.in_venue and t.type < 4 then o.equipment[1 + f.n %% 3] else 0 end as equipment_id,
      case when t.type < 4 then
        o.games[1 + 3 * (f.n %% cardinality(o.licences)) + (f.n / 7) %% 3] else 0 end as game_id,
      -- Ten records are a round, on which the first has bet; some casinos' payouts have none.
      case
        when t.type > 3 then campaign.nil()
        when t.type > 1 and o.place %% 18 = 7 and campaign.chance(f.n, %(seed)s + 18) < 0.01
          then campaign.id(m.start_ms, f.n + 5000)
        else campaign.id(m.start_ms, f.n - (f.n - m.id * 10000 - 1) %% 10 + 5000)
      end as round_id,
      ('00000000-0000-4000-8000-' || lpad(to_hex(m.operator_id * 1048576::bigint
        + floor((20 + 20000 * o.share) * campaign.chance(f.n, %(seed)s + 13)
          * campaign.chance(f.n, %(seed)s + 14))::bigint), 12, '0'))::uuid as player,
      (case when t.type < 4 then 5 else 1 + f.n %% 4 end)::smallint as payment,
      (campaign.chance(f.n, %(seed)s + 15) < 0.01)::integer::smallint as flags,
      ((campaign.chance(f.n, %(seed)s + 16) < 0.001)::integer
        + 8 * (m.received_at > to_timestamp(m.start_ms / 1000.0) + interval '16 minutes')::integer
      )::smallint as breach,
      case when k.back then campaign.id(m.start_ms + (r.no - 1) * 10000 / m.row_count, f.n)
        else campaign.nil() end as cancels,
      (case when k.back then 1 + f.n %% 5 else 0 end)::smallint as cancel_reason
    from made as m
    join campaign.operator as o on o.id = m.operator_id
    cross join lateral generate_series(1, m.row_count) as r (no)
    cross join lateral (
      select
        m.id * 10000 + r.no as n,
        r.no > 1 and campaign.chance(m.id * 10000 + r.no, %(seed)s + 10) < 0.002
        and campaign.chance(m.id * 10000 + r.no - 1, %(seed)s + 10) >= 0.002 as back
    ) as k
    -- What takes a record back says the same of it.
    cross join lateral (select k.n - k.back::integer as n) as f
    cross join lateral (select m.start_ms + r.no * 10000 / m.row_count as ms) as a
    cross join lateral (
      select case
        when (f.n - m.id * 10000) %% 10 = 1 or u < 0.55 then 1
        when u < 0.80 then 2 when u < 0.82 then 3 when u < 0.93 then 4 else 5
      end::smallint as type
      from campaign.chance(f.n, %(seed)s + 11) as u
    ) as t
    cross join lateral (select campaign.chance(f.n, %(seed)s + 17) < 0.3 as in_venue) as c
    """,
    """
    insert into ledger.transaction
    select *, campaign.nil() from made_row
    """,
    """
    insert into ledger.cancellation
    select operator_id, cancels, batch_id, row_no from made_row where cancel_reason <> 0
    """,
    """
    insert into ledger.batch (
      id, schema_version, shard, operator_id, operator_sequence, access_key_id, idempotency_key,
      stream, stream_sequence, row_count, totals, occurred_from, occurred_until, received_at,
      late_count, lag_histogram, body_sha256, receipt_version, receipt
    )
    with bounds as materialized (
      select array_agg(ceil(power(2.0::float8, n / 4.0))::numeric order by n) as bounds
      from generate_series(0, 120) as n
    ),
    lagged as (
      select
        b.batch_id, b.place, count(*) as many
      from (
        select
          r.batch_id,
          width_bucket(
            round(1000 * extract(epoch from m.received_at - r.occurred_at)),
            (select n.bounds from bounds as n)
          ) - 1 as place
        from made_row as r
        join made as m on m.id = r.batch_id
      ) as b
      group by b.batch_id, b.place
    ),
    lags as (
      select
        l.batch_id, array_agg(coalesce(w.many, 0) order by g.place) as lags
      from (select batch_id, max(place) as last from lagged group by batch_id) as l
      cross join lateral generate_series(0, l.last) as g (place)
      left join lagged as w on w.batch_id = l.batch_id and w.place = g.place
      group by l.batch_id
    ),
    told as (
      select
        t.batch_id, min(t.since) as since, max(t.until) as until,
        array_agg((980, t.type, t.many, t.amount, t.back_many, t.back_amount)::ledger.type_total
          order by t.type) as totals
      from (
        select
          r.batch_id, r.type, min(r.occurred_at) as since, max(r.occurred_at) as until,
          count(*) filter (where r.cancel_reason = 0) as many,
          coalesce(sum(r.amount_minor) filter (where r.cancel_reason = 0), 0) as amount,
          count(*) filter (where r.cancel_reason <> 0) as back_many,
          coalesce(sum(r.amount_minor) filter (where r.cancel_reason <> 0), 0) as back_amount
        from made_row as r
        group by r.batch_id, r.type
      ) as t
      group by t.batch_id
    )
    select
      m.id, 1, ledger.shard(), m.operator_id, m.sequence, m.key, gen_random_uuid(), 'main',
      m.sequence, m.row_count, t.totals, t.since, t.until, m.received_at,
      case when m.received_at > to_timestamp(m.start_ms / 1000.0) + interval '16 minutes'
        then m.row_count else 0 end,
      l.lags, sha256(''), 0, ''
    from made as m
    join told as t on t.batch_id = m.id
    join lags as l on l.batch_id = m.id
    """,
    """
    update campaign.operator as o set sequence = m.last
    from (select operator_id, max(sequence) as last from made group by operator_id) as m
    where m.operator_id = o.id
    """,
)

EMPTY: tuple[LiteralString, ...] = (
    "truncate rollup.hour, rollup.game_hour, rollup.day, rollup.game_day, rollup.month,"
    " rollup.play_day, rollup.play_month, rollup.equipment_month, rollup.mark_day,"
    " rollup.mark_month, rollup.market_mark_day,"
    " rollup.ingest_hour, rollup.account_count, rollup.account_spread, rollup.account_cohort,"
    " rollup.round_day, rollup.return_day, rollup.return_month, rollup.matched_day,"
    " rollup.round_due,"
    " rollup.cohort_sum, rollup.cash_band_day, rollup.cash_day, rollup.cash_progress,"
    " rollup.player_day, rollup.request_hour, rollup.request_day, report.declared_day,"
    " report.declared_days, report.declared_month",
    "update rollup.game_progress set"
    " counted_until = date_bin('1 hour', now(), '2000-01-01T00:00:00Z')",
    "update rollup.player_progress set counted_until = now()",
    "update rollup.round_progress set counted_until = now()",
)

# As if they had been entered in a log that is not there: else a migration would enter them all.
ENTERED: tuple[LiteralString, ...] = (
    "insert into ledger.earlier_batch (batch_id, entry_id)"
    " select b.id, -b.id from ledger.batch as b where b.entry_id is null"
    " on conflict do nothing",
    HEADS,
)

# From the first hour that anything came in, unless days were counted already.
ARRIVALS: LiteralString = (
    "update rollup.arrival_progress set counted_until = h.first"
    " from (select min(hour) as first from rollup.ingest_hour) as h"
    " where h.first is not null and not exists (select from rollup.arrival_day)"
)

BOUNDS: LiteralString = (
    "(%(day)s::timestamp at time zone 'Europe/Kyiv',"
    " (%(day)s::date + 1)::timestamp at time zone 'Europe/Kyiv')"
)
AGGREGATES: tuple[LiteralString, ...] = (
    # In the order in which they arrive: rows of an hour of arrival lie together.
    f"insert into rollup.hour select * from rollup.recount_hour{BOUNDS} order by received_hour",
    "insert into rollup.game_hour"
    f" select * from rollup.recount_game_hour{BOUNDS} order by received_hour",
    f"insert into rollup.day select * from rollup.recount_day{BOUNDS}",
    f"insert into rollup.game_day select * from rollup.recount_game_day{BOUNDS}",
    "insert into rollup.play_day select * from rollup.recount_play_day(%(day)s, %(day)s)",
    f"insert into rollup.mark_day select * from rollup.recount_mark_day{BOUNDS}",
    # As rollup.recount_player_day has it, which asks the log for batches; here is no log.
    """
    insert into rollup.player_day
    select
      t.operator_id, ledger.shard(), t.player, %(day)s::date, l.gambling_type_id, t.currency,
      count(*) filter (where t.type = 1 and t.cancel_reason = 0 and not exists (
        select from ledger.cancellation as c
        join ledger.batch as b on b.id = c.batch_id
        where c.operator_id = t.operator_id and c.cancelled_id = t.id
          and b.received_at < rollup.player_day_closes(%(day)s::date)
      )),
      coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 1), 0)::bigint,
      coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 2), 0)::bigint,
      coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 3), 0)::bigint,
      coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 4), 0)::bigint,
      coalesce(sum(t.amount_minor * s.sign) filter (where t.type = 5), 0)::bigint,
      coalesce(sum(t.amount_minor * s.sign) filter (
        where t.type = 1 and extract(hour from t.occurred_at at time zone 'Europe/Kyiv') < 6
      ), 0)::bigint
    from ledger.transaction as t
    join registry.licence as l on l.id = t.licence_id
    cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
    where t.occurred_at >= %(day)s::timestamp at time zone 'Europe/Kyiv'
      and t.occurred_at < (%(day)s::date + 1)::timestamp at time zone 'Europe/Kyiv'
    group by t.operator_id, t.player, l.gambling_type_id, t.currency
    """,
    # Of days that are closed.
    """
    insert into rollup.cash_band_day
    select r.* from rollup.recount_cash_bands(%(day)s::date) as r
    where %(day)s::date <= rollup.last_closed_day()
    """,
    """
    insert into rollup.cash_day
    select r.* from rollup.recount_cash_day(%(day)s::date) as r
    where %(day)s::date <= rollup.last_closed_day()
    """,
    """
    insert into rollup.cash_progress (day, changes, rules)
    select %(day)s::date, 0, rollup.cash_rules(%(day)s::date)
    where %(day)s::date <= rollup.last_closed_day()
    """,
    # By the day of arrival.
    """
    insert into rollup.ingest_hour
    with arrived as materialized (
      select
        b.operator_id, b.access_key_id,
        date_bin('1 hour', b.received_at, '2000-01-01T00:00:00Z') as hour, 1 as batches,
        b.row_count, 0 as refusals, b.late_count, b.lag_histogram, b.received_at
      from ledger.batch as b
      where b.received_at >= %(day)s::timestamp at time zone 'Europe/Kyiv'
        and b.received_at < (%(day)s::date + 1)::timestamp at time zone 'Europe/Kyiv'
      union all
      select
        r.operator_id, r.access_key_id, date_bin('1 hour', r.refused_at, '2000-01-01T00:00:00Z'),
        0, 0, 1, 0, '{}', r.refused_at
      from ledger.refusal as r
      where r.refused_at >= %(day)s::timestamp at time zone 'Europe/Kyiv'
        and r.refused_at < (%(day)s::date + 1)::timestamp at time zone 'Europe/Kyiv'
    ),
    lagged as (
      select a.operator_id, a.access_key_id, a.hour, u.place, sum(u.many) as many
      from arrived as a
      cross join lateral unnest(a.lag_histogram) with ordinality as u (many, place)
      group by 1, 2, 3, 4
    ),
    lags as (
      select l.operator_id, l.access_key_id, l.hour, array_agg(l.many order by l.place) as lags
      from lagged as l group by 1, 2, 3
    ),
    counted as (
      select
        a.operator_id, a.access_key_id, a.hour, sum(a.batches) as batches, sum(a.row_count) as rows,
        sum(a.refusals) as refusals, sum(a.late_count) as late, max(a.received_at) as last_at,
        api.total_histogram(
          api.minute_rows(a.received_at, a.row_count)) filter (where a.batches > 0) as minutes
      from arrived as a group by 1, 2, 3
    )
    select
      c.operator_id, ledger.shard(), c.access_key_id, c.hour, c.batches, c.rows, c.refusals, c.late,
      coalesce(l.lags, '{}'), c.last_at, coalesce(c.minutes, '{}')
    from counted as c
    left join lags as l using (operator_id, access_key_id, hour)
    """,
    # As workers hand them over: a request for each batch and refusal; some batches came twice, and
    # some found the server failing.
    """
    select api.count_requests(
      array_agg(c.hour), array_agg(c.operator_id), array_agg(c.access_key_id),
      array_agg('postBatch'::text), array_agg(c.outcome), array_agg(c.requests), array_agg(c.faults)
    )
    from (
      select
        a.operator_id, a.access_key_id, a.outcome,
        date_bin('1 hour', a.moment, '2000-01-01T00:00:00Z') as hour, count(*) as requests,
        count(*) filter (where a.outcome = 'service_unavailable') as faults
      from (
        select b.operator_id, b.access_key_id, b.received_at as moment, o.outcome
        from ledger.batch as b
        cross join lateral unnest(case b.id %% 50
          when 0 then '{accepted,replayed}'::text[]
          when 1 then '{service_unavailable,accepted}' else '{accepted}' end) as o (outcome)
        union all
        select r.operator_id, r.access_key_id, r.refused_at, r.code from ledger.refusal as r
      ) as a
      where a.moment >= %(day)s::timestamp at time zone 'Europe/Kyiv'
        and a.moment < (%(day)s::date + 1)::timestamp at time zone 'Europe/Kyiv'
      group by a.operator_id, a.access_key_id, 4, a.outcome
    ) as c
    """,
)

# Of days that are closed, each after those before it.
ROUNDS: LiteralString = """
select rollup.count_round_day(d.day, array_agg(d.operator_id))
from (
  select distinct r.operator_id, r.day from rollup.day as r
  where r.day = %(day)s
    and rollup.player_day_closes(r.day) <= (select p.counted_until from rollup.round_progress as p)
) as d
group by d.day
"""

ACCOUNTS: tuple[LiteralString, ...] = (
    "insert into rollup.month select * from rollup.recount_month('2000-01-01', '2100-01-01')",
    "insert into rollup.play_month"
    " select * from rollup.recount_play_month('2000-01-01', '2100-01-01')",
    "insert into rollup.equipment_month"
    " select * from rollup.recount_equipment_month('2000-01-01', '2100-01-01')",
    "insert into rollup.mark_month"
    " select * from rollup.recount_mark_month('2000-01-01', '2100-01-01')",
    "insert into rollup.market_mark_day"
    " select * from rollup.recount_market_mark_day('2000-01-01', '2100-01-01')",
    """
    insert into rollup.account_count
    select r.*
    from (
      select distinct p.grain, p.period_start
      from campaign.setting as s
      cross join generate_series(s.last_day - s.days + 1, s.last_day, interval '1 day') as d (day)
      cross join lateral rollup.periods_of(d.day::date) as p
    ) as p
    cross join lateral rollup.recount_accounts(p.grain, p.period_start) as r
    """,
    """
    insert into rollup.account_spread
    select r.*
    from (
      select distinct p.grain, p.period_start, s.last_day
      from campaign.setting as s
      cross join generate_series(
        s.last_day - s.days + 1, s.last_day - 1, interval '1 day') as d (day)
      cross join lateral rollup.periods_of(d.day::date) as p
    ) as p
    cross join lateral rollup.spread_accounts(
      p.grain, p.period_start,
      least(rollup.period_end(p.grain, p.period_start), p.last_day - 1)) as r
    """,
    *(
        f"insert into rollup.{table} select r.* from ("
        " select distinct date_trunc('month', d.day)::date as month from campaign.setting as s"
        " cross join generate_series(s.last_day - s.days + 1, s.last_day, interval '1 day')"
        f" as d (day)) as m cross join lateral rollup.{function}("
        "m.month, least(rollup.period_end('month', m.month), rollup.last_closed_day())) as r"
        for table, function in (
            ("account_cohort", "account_cohorts"),
            ("cohort_sum", "cohort_sums"),
        )
    ),
)

# Days that are over and whole months; of a hundred thirty-three exact, every thirty-third is off.
DECLARED: tuple[LiteralString, ...] = (
    """
    insert into report.declared_day
    select
      d.operator_id, d.day, d.currency, v.version, now() - (3 - v.version) * interval '1 hour',
      'campaign',
      case when v.version > 1 then 'campaign' end, d.bets, d.bet + o.off, d.wins, d.win, d.refunds,
      d.refund, d.deposits, d.deposit, d.withdrawals, d.withdrawal, o.opening,
      o.opening + d.deposit - d.withdrawal - d.bet + d.refund + d.win + o.off, o.opening / 10,
      sha256('')
    from (
      select
        r.operator_id, r.day, r.currency, sum(r.bet_count) as bets, sum(r.bet_minor)::bigint as bet,
        sum(r.win_count) as wins, sum(r.win_minor)::bigint as win, sum(r.refund_count) as refunds,
        sum(r.refund_minor)::bigint as refund, sum(r.deposit_count) as deposits,
        sum(r.deposit_minor)::bigint as deposit, sum(r.withdrawal_count) as withdrawals,
        sum(r.withdrawal_minor)::bigint as withdrawal
      from rollup.day as r
      where r.day < (select s.last_day from campaign.setting as s)
      group by 1, 2, 3
    ) as d
    cross join lateral (
      select
        d.operator_id * 100000::bigint + (d.day - date '2000-01-01') as n
    ) as h
    cross join lateral generate_series(
      1, 1 + (campaign.chance(h.n, %(seed)s + 21) < 0.01)::integer) as v (version)
    cross join lateral (
      select
        (100 * (campaign.chance(h.n + v.version, %(seed)s + 22) < 0.03)::integer)::bigint as off,
        floor(1e9 * campaign.chance(h.n, %(seed)s + 23))::bigint as opening
    ) as o
    """,
    """
    insert into report.declared_month
    select
      m.operator_id, m.month, m.currency, m.gambling_type_id, 1, now() - interval '1 hour',
      'campaign', null, 'cash',
      sum(m.bet_minor - m.refund_minor - m.win_minor)::bigint
        + (m.operator_id %% 33 = 0)::integer,
      sha256('')
    from rollup.month as m
    cross join campaign.setting as s
    where m.month < date_trunc('month', s.last_day::timestamp) and 0 <= %(seed)s
    group by m.operator_id, m.month, m.currency, m.gambling_type_id
    """,
    "insert into report.declared_days"
    " select r.* from report.recount_declared_days('-infinity', 'infinity') as r",
)
