"""What registers hold in their benchmark, as statements that fill them: each takes a share of rows.

Parameters: how many ``operators``, ``venues`` and ``games`` there are, and the ``first`` and
``last`` row of the share; ``busy`` is the operator with many keys and refusals.
"""

from __future__ import annotations

from typing import LiteralString

OPERATORS: LiteralString = """
insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)
select 'BENCH-' || n, 'Оператор ' || chr(1072 + n %% 32) || ' № ' || n, 'Operator ' || n,
  lpad(n::text, 8, '0'), '2026-01-01'
from generate_series(1, %(operators)s::integer) as n
"""
VENUES: LiteralString = """
with made as (
  insert into registry.channel (operator_id, code, kind, name_uk, name_en, active_from)
  select 1 + n %% %(operators)s::integer, 'V-' || n, 'venue',
    'Зал ' || chr(1072 + n %% 29) || ' № ' || n,
    'Hall ' || n, timestamptz '2026-01-01' + n * interval '1 minute'
  from generate_series(%(first)s::integer, %(last)s::integer) as n
  returning id, operator_id, code
)
insert into registry.venue (channel_id, operator_id, region, address)
select m.id, m.operator_id, (array['UA-30', 'UA-46', 'UA-51', 'UA-12', 'UA-63'])[1 + m.id %% 5],
  'м. Київ, вул. Вигадана, ' || m.code
from made as m
"""
EQUIPMENT: LiteralString = """
insert into registry.equipment (
  operator_id, code, kind, channel_id, serial_number, model, active_from, software_sha256
)
select c.operator_id, 'M-' || n, (array['slot_machine', 'gaming_table'])[1 + (n %% 10 = 0)::int],
  c.id, 'SN' || lpad((n * 7919 %% 10000019)::text, 8, '0'), 'Model ' || chr(65 + n %% 20),
  timestamptz '2026-01-01' + n * interval '1 second', md5(n::text) || md5(n::text)
from generate_series(%(first)s::integer, %(last)s::integer) as n
join lateral (
  select v.id, v.operator_id from registry.channel as v
  where v.id = 1 + n %% %(venues)s::integer
) as c on true
"""
GAMES: LiteralString = """
insert into registry.game (
  operator_id, code, title, provider, gambling_type_id, declared_rtp_ppm, active_from
)
select 1 + n %% %(operators)s::integer, 'G-' || n, 'Game ' || chr(65 + n %% 26) || n,
  'Provider ' || n %% 12, 1 + n %% 6, 950000, timestamptz '2026-01-01' + n * interval '1 minute'
from generate_series(1, %(games)s::integer) as n
"""
LICENCES: LiteralString = """
insert into registry.licence (operator_id, number, gambling_type_id, valid_from, valid_until)
select n, 'L-' || n, 1 + n %% 6, '2026-01-01', '2031-01-01'
from generate_series(1, %(operators)s::integer) as n
"""
# Every operator has a key; the busy one a few dozen.
KEYS: LiteralString = """
insert into registry.access_key (operator_id, key_id, secret_hmac, label, scopes, created_at)
select
  case when n <= %(operators)s::integer then n else %(busy)s::integer end,
  lpad(n::text, 12, '0'), sha256(int4send(n)), 'Key ' || n, '{submit,read}', '2026-01-01'
from generate_series(1, %(operators)s::integer + 30) as n
"""
# Each key was used in every hour of a month; each operator brought money on every day of two.
HOURS: LiteralString = """
insert into rollup.ingest_hour (
  operator_id, shard, access_key_id, hour, batch_count, row_count, refusal_count, late_count,
  lag_histogram, last_at, minute_rows
)
select
  k.operator_id, 1, k.id, h.hour, 60, 6000, 1, 0, '{0}', h.hour + interval '59 minutes',
  array_fill(100::bigint, array[60])
from registry.access_key as k
cross join generate_series(
  date_trunc('hour', now() - interval '30 days'), now() - interval '1 hour', interval '1 hour'
) as h (hour)
where k.id between %(first)s::integer and %(last)s::integer
"""
DAYS: LiteralString = """
insert into rollup.day (
  operator_id, shard, day, gambling_type_id, licence_id, currency, received_day, bet_count,
  bet_minor, win_count, win_minor, refund_count, refund_minor, deposit_count, deposit_minor,
  withdrawal_count, withdrawal_minor
)
select
  l.operator_id, 1, d.day, l.gambling_type_id, l.id, 980, d.day, 1000, 500000, 400, 460000, 1, 500,
  0, 0, 0, 0
from registry.licence as l
cross join generate_series(current_date - 61, current_date, interval '1 day') as d (day)
"""
BATCHES: LiteralString = """
insert into ledger.batch (
  id, schema_version, shard, operator_id, operator_sequence, access_key_id, idempotency_key, stream,
  stream_sequence, row_count, totals, occurred_from, occurred_until, received_at, late_count,
  lag_histogram, body_sha256, receipt_version, receipt
)
select
  nextval('ledger.batch_id'), 1, 1, k.operator_id, n, k.id, gen_random_uuid(), 'main', n, 100, '{}',
  now(), now(), now(), 0, '{0}', sha256(''), 0, ''
from registry.access_key as k
cross join generate_series(1, 10) as n
where k.id <= %(operators)s::integer
"""
# The busy operator's first key was refused 20,000 times; others now and then.
REFUSALS: LiteralString = """
insert into ledger.refusal (
  refused_at, operator_id, access_key_id, status, code, error_count, codes, errors, request_id
)
select
  now() - n * interval '1 minute', k.operator_id, k.id, 422, 'invalid_records', 1, '{}', '[]',
  'bench'
from registry.access_key as k
cross join generate_series(1, case when k.id = %(busy)s::integer then 20000 else 5 end) as n
where k.id <= %(operators)s::integer
"""
# Decided changes of every venue, and some hundreds that wait.
CHANGES: LiteralString = """
insert into registry.change (
  kind, action, record_id, operator_id, begun_by, proposed, base_version, state, submitted_at,
  decided_at
)
select
  'venue', 'amend', c.id, c.operator_id, 'operator', '{"opening_hours": "10-22"}', 1,
  case when c.id %% 50 > 0 then 'approved' when c.id %% 100 = 0 then 'in_review'
    else 'submitted' end,
  now() - interval '1 day', case when c.id %% 50 > 0 then now() end
from registry.channel as c
where c.kind = 'venue' and c.id between %(first)s::integer and %(last)s::integer
"""
# One machine in five hundred is blocked.
BLOCKS: LiteralString = """
with ordered as (
  insert into registry.equipment_block (
    operator_id, equipment_id, order_number, grounds, blocked_from
  )
  select e.operator_id, e.id, 'N-' || e.id, 'Seal', now() from registry.equipment as e
  where e.id %% 500 = 0
  returning equipment_id
)
update registry.equipment as e set state = 'blocked' from ordered as o where e.id = o.equipment_id
"""

BLOCKED_SITES: LiteralString = """
insert into registry.blocked_site (address, site_kind, order_number, order_date, blocked_from)
select
  'illegal-' || n || '.example.net', 'site', (1 + n / 100) || '-Р', '2026-01-01', '2026-01-02'
from generate_series(1, %(blocked)s) as n
"""
