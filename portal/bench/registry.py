"""How long lists, counts, searches, records and history of full registers take, by role and depth.

The volumes are those that the registers must carry. Each call is one transaction through the pool,
as a page makes it: role, settings, the function, commit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any, LiteralString

from portal import db
from portal.bench import machine, registry_pages
from portal.bench.instance import BenchmarkFailed, throw_away_database
from portal.registry import gateway

Say = Callable[[str], None]
PAGE = 51
OPERATOR = 6
VENUE = 5  # of that operator
ROLES = ("regulator", "tax_service", "operator")
SORTS = ("title_uk", "code", "since")
DEPTHS = (0.0, 0.5, 0.98)  # of the way through the list

# Each operator's share, in one statement for each table, as an import makes them.
_OPERATORS: LiteralString = """
insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)
select 'BENCH-' || n, 'Оператор ' || chr(1072 + n %% 32) || ' № ' || n, 'Operator ' || n,
  lpad(n::text, 8, '0'), '2026-01-01'
from generate_series(1, %(operators)s::integer) as n
"""
_VENUES: LiteralString = """
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
_EQUIPMENT: LiteralString = """
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
_GAMES: LiteralString = """
insert into registry.game (
  operator_id, code, title, provider, gambling_type_id, declared_rtp_ppm, active_from
)
select 1 + n %% %(operators)s::integer, 'G-' || n, 'Game ' || chr(65 + n %% 26) || n,
  'Provider ' || n %% 12, 1 + n %% 6, 950000, timestamptz '2026-01-01' + n * interval '1 minute'
from generate_series(1, %(games)s::integer) as n
"""
_LICENCES: LiteralString = """
insert into registry.licence (operator_id, number, gambling_type_id, valid_from, valid_until)
select n, 'L-' || n, 1 + n %% 6, '2026-01-01', '2031-01-01'
from generate_series(1, %(operators)s::integer) as n
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How much is registered, and how often each call is made."""

    operators: int
    venues: int
    equipment: int
    games: int
    calls: int
    page_calls: int


def run(options: Options, say: Say) -> dict[str, Any]:
    """Fill registers of the benchmark's own, measure, remove them."""
    with throw_away_database():
        loaded_s = _load(options, say)
        figures: dict[str, Any] = {
            "machine": machine.describe(),
            "operators": options.operators,
            "venues": options.venues,
            "equipment": options.equipment,
            "games": options.games,
            "load_s": round(loaded_s, 1),
            "calls_each": options.calls,
            "page_calls_each": options.page_calls,
            "latency_ms": {},
        }
        try:
            for name, role, call in _cases():
                figures["latency_ms"].setdefault(name, {})[role] = _measure(
                    role, call, options.calls
                )
                say(f"{name} as {role}: {figures['latency_ms'][name][role]['p95']} ms")
            say("pages through gunicorn")
            figures["page_latency_ms"] = registry_pages.measure(
                _pages(), OPERATOR, options.page_calls
            )
        finally:
            db.close()
        figures["page_p95_ms_worst"] = max(
            spread["p95"]
            for roles in figures["page_latency_ms"].values()
            for spread in roles.values()
        )
        figures["p95_ms_worst"] = max(
            spread["p95"] for roles in figures["latency_ms"].values() for spread in roles.values()
        )
        return figures


def _load(options: Options, say: Say) -> float:
    begun = time.monotonic()
    share = {"operators": options.operators, "venues": options.venues, "games": options.games}
    with db.migrator(autocommit=True) as conn:
        for statement, rows, step in (
            (_OPERATORS, 1, 1),
            (_LICENCES, 1, 1),
            (_VENUES, options.venues, 5_000),
            (_EQUIPMENT, options.equipment, 10_000),
            (_GAMES, 1, 1),
        ):
            for first in range(1, rows + 1, step):
                last = min(rows, first + step - 1)
                conn.execute(statement, share | {"first": first, "last": last})
        conn.execute("vacuum analyze registry.entry")
        conn.execute("analyze registry.entry_count")
        found = conn.execute(
            "select count(*) as n from registry.entry where recorded_until = 'infinity'"
        ).fetchone()
    wanted = 2 * options.operators + options.venues + options.equipment + options.games
    if found is None or found["n"] != wanted:
        raise BenchmarkFailed(f"{found} present records instead of {wanted}")
    say(f"{wanted} records loaded")
    return time.monotonic() - begun


def _pages() -> list[registry_pages.Page]:
    """The pages of every role, at the same depths as the lists."""
    return [
        page
        for role in ROLES
        for page in registry_pages.pages(
            role,
            OPERATOR,
            [
                (kind, depth, cursor)
                for kind in ("organiser", "venue", "equipment", "game")
                for depth, cursor in _cursors(role, kind, "title_uk")
            ],
        )
    ]


Call = Callable[[db.Connection], object]


def _cases() -> Iterator[tuple[str, str, Call]]:
    """Name of the measurement, role, and what it calls."""
    for role in ROLES:
        for kind in ("organiser", "venue", "equipment", "game"):
            for sort in SORTS:
                for depth, cursor in _cursors(role, kind, sort):
                    yield f"list {kind} by {sort} at {depth:.0%}", role, _list(kind, sort, cursor)
        yield "list equipment, rare filter", role, _list(
            "equipment", "title_uk", None, filters={"model": ["Model Q"], "kind": ["gaming_table"]}
        )  # fmt: skip
        yield (
            "list equipment of one operator",
            role,
            _list("equipment", "title_uk", None, filters={"operator": [7]}),
        )
        yield (
            "list equipment as of now",
            role,
            _list("equipment", "code", None, as_of=datetime.now(UTC)),
        )
        for what, text in (("rare", "SN00007919"), ("common", "model"), ("none", "нічого такого")):
            yield (
                f"list equipment, {what} search",
                role,
                _list("equipment", "title_uk", None, search=text),
            )
            yield f"facets of equipment, {what} search", role, _facets(text, {})
            yield f"search everything, {what}", role, _search(text)
        yield "facets of equipment", role, _facets("", {})
        yield "facets of equipment, filtered", role, _facets("", {"kind": ["slot_machine"]})
        yield "record", role, lambda conn: gateway.record(conn, "venue", VENUE, None)
        yield "history", role, lambda conn: gateway.history(
            conn, "venue", VENUE, before=None, limit=50
        )  # fmt: skip
        if role != "tax_service":
            yield "operators at a glance", role, gateway.operators_at_a_glance


def _list(
    kind: str,
    sort: str,
    cursor: str | None,
    *,
    filters: gateway.Filters | None = None,
    search: str = "",
    as_of: datetime | None = None,
) -> Call:
    return lambda conn: gateway.records(
        conn, kind, filters=filters or {}, search=search, sort=sort, descending=False,
        cursor=cursor, backward=False, limit=PAGE, as_of=as_of,
    )  # fmt: skip


def _facets(search: str, filters: gateway.Filters) -> Call:
    return lambda conn: gateway.facets(
        conn, "equipment", filters=filters, search=search, as_of=None
    )


def _search(text: str) -> Call:
    return lambda conn: gateway.found(conn, text, 5)


def _cursors(role: str, kind: str, sort: str) -> Iterator[tuple[float, str | None]]:
    """Where a reader stands that far through a list; the first page has no cursor."""
    with db.acting_as(role, operator_id=OPERATOR, actor="bench") as conn:
        total = conn.execute(
            "select count(*) as n from api.entry"
            " where kind = %s and recorded_until = 'infinity'", (kind,)
        ).fetchone()  # fmt: skip
        for depth in DEPTHS:
            skip = int((total["n"] if total else 0) * depth)
            if not skip:
                yield depth, None
                continue
            row = conn.execute(
                "select cursor from api.registry_list(%s, '{}', '', %s, false, ("
                " select replace(encode(convert_to(jsonb_build_array("
                "   case %s when 'title_uk' then e.title_uk::text when 'code' then e.code"
                "     else e.since::text end, e.record_id)::text, 'UTF8'), 'base64'), chr(10), '')"
                " from (select *, row_number() over (order by"
                "   case when %s = 'title_uk' then x.title_uk end,"
                "   case when %s = 'code' then x.code end,"
                "   case when %s = 'since' then x.since end, x.record_id) as place"
                "   from api.entry as x where x.kind = %s and x.recorded_until = 'infinity') as e"
                " where e.place = %s), false, 1)",
                (kind, sort, sort, sort, sort, sort, kind, skip),
            ).fetchone()
            yield depth, row["cursor"] if row else None


def _measure(role: str, call: Call, calls: int) -> dict[str, float]:
    took = []
    for _ in range(calls):
        begun = time.perf_counter()
        with db.acting_as(role, operator_id=OPERATOR, actor="bench") as conn:
            call(conn)
        took.append((time.perf_counter() - begun) * 1e3)
    took.sort()
    return {
        "p50": round(median(took), 2),
        "p95": round(took[min(len(took) - 1, int(len(took) * 0.95))], 2),
    }
