"""How long lists, counts, searches, records and history of full registers take, by role and depth.

The volumes are those that the registers must carry. Each call is one transaction through the pool,
as a page makes it: role, settings, the function, commit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, LiteralString

from portal import db
from portal.bench import machine, public_pages, registry_pages
from portal.bench import registry_rows as rows
from portal.bench.instance import BenchmarkFailed, throw_away_database
from portal.registry import desk, gateway

Say = Callable[[str], None]
PAGE = 51
OPERATOR = 6
VENUE = 5  # of that operator
ROLES = ("regulator", "tax_service", "operator")
SORTS = ("title_uk", "code", "since")
DEPTHS = (0.0, 0.5, 0.98)  # of the way through the list


@dataclass(frozen=True, slots=True)
class Options:
    """How much is registered, how often each call is made, and what the database is kept as."""

    operators: int
    venues: int
    equipment: int
    games: int
    calls: int
    page_calls: int
    blocked: int = 10_000
    keep_as: str | None = None


def run(options: Options, say: Say) -> dict[str, Any]:
    """Fill registers of the benchmark's own, measure, remove them unless they are to be kept."""
    with throw_away_database(options.keep_as):
        loaded_s = _load(options, say)
        figures: dict[str, Any] = {
            "machine": machine.describe(),
            "operators": options.operators,
            "venues": options.venues,
            "equipment": options.equipment,
            "games": options.games,
            "blocked": options.blocked,
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
            say("public pages through gunicorn")
            pages = public_pages.pages(options.operators, options.venues, options.blocked)
            public = public_pages.measure([*pages, *public_pages.LISTS], options.page_calls)
            figures["public_latency_ms"] = public
        finally:
            db.close()
        figures["public_p95_ms_worst"] = public_pages.worst(public, pages, "kept")
        figures["public_after_a_change_p95_ms_worst"] = public_pages.worst(
            public, pages, "after_a_change"
        )
        figures["page_p95_ms_worst"] = max(
            spread["p95"]
            for roles in figures["page_latency_ms"].values()
            for spread in roles.values()
        )
        figures["depth_adds_ms_worst"] = _deepening(figures["page_latency_ms"])
        figures["p95_ms_worst"] = max(
            spread["p95"] for roles in figures["latency_ms"].values() for spread in roles.values()
        )
        return figures


def _deepening(pages: dict[str, Any]) -> float:
    """How much longer the median of a deep page of a list is than that of its first, at most."""
    depths: dict[tuple[str, str], list[float]] = {}
    for name, roles in pages.items():
        if name.endswith("%"):
            for role, figures in roles.items():
                depths.setdefault((name.rpartition(" at ")[0], role), []).append(figures["p50"])
    return round(max(one - medians[0] for medians in depths.values() for one in medians), 2)


def _load(options: Options, say: Say) -> float:
    """Fill empty registers; full ones that were kept are taken as they are, if they fit."""
    begun = time.monotonic()
    with db.migrator(autocommit=True) as conn:
        if not _count(conn, "select count(*) as n from registry.operator"):
            _fill(conn, options)
        found = _count(
            conn, "select count(*) as n from registry.entry where recorded_until = 'infinity'"
        )
        keys = _count(conn, "select count(*) as n from registry.access_key")
    wanted = 2 * options.operators + options.venues + options.equipment + options.games + keys
    wanted += options.blocked
    if found != wanted:
        raise BenchmarkFailed(f"{found} present records instead of {wanted}")
    say(f"{wanted} records loaded")
    return time.monotonic() - begun


def _count(conn: db.Connection, query: LiteralString) -> int:
    row = conn.execute(query).fetchone()
    return int(row["n"]) if row else 0


def _fill(conn: db.Connection, options: Options) -> None:
    share = {
        "operators": options.operators,
        "venues": options.venues,
        "games": options.games,
        "busy": OPERATOR,
        "blocked": options.blocked,
    }
    for statement, number, step in (
        (rows.OPERATORS, 1, 1),
        (rows.LICENCES, 1, 1),
        (rows.VENUES, options.venues, 5_000),
        (rows.EQUIPMENT, options.equipment, 10_000),
        (rows.GAMES, 1, 1),
        (rows.KEYS, 1, 1),
        (rows.HOURS, options.operators + 30, 200),
        (rows.DAYS, 1, 1),
        (rows.BATCHES, 1, 1),
        (rows.REFUSALS, 1, 1),
        (rows.CHANGES, options.venues, 5_000),
        (rows.BLOCKS, 1, 1),
        (rows.BLOCKED_SITES, 1, 1),
    ):
        for first in range(1, number + 1, step):
            last = min(number, first + step - 1)
            conn.execute(statement, share | {"first": first, "last": last})
    conn.execute("vacuum analyze")


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
        yield from ((name, role, call) for name, call in _narrowed())
        yield "record", role, lambda conn: gateway.record(conn, "venue", VENUE, None)
        yield "history", role, lambda conn: gateway.history(
            conn, "venue", VENUE, before=None, limit=50
        )  # fmt: skip
        if role != "tax_service":
            yield from ((name, role, call) for name, call in _glances(role))
            yield "use of an operator's keys", role, _use
            yield "queue, waiting", role, _queue(["submitted", "in_review"], None)
            yield "queue, deep", role, _queue(None, 10_000)
            yield "queue, deep and backward", role, _queue(["approved"], 10_000, backward=True)
            yield "queue, nothing in that state", role, _queue(["refused"], None)
        if role != "operator":
            for depth, cursor in _cursors(role, "organiser", "title_uk"):
                yield f"taxpayers at {depth:.0%}", role, _taxpayers(cursor)


def _glances(role: str) -> Iterator[tuple[str, Call]]:
    """Operators at a glance in each order and at each depth, narrowed, and counted."""
    for depth, cursor in _cursors(role, "organiser", "title_uk"):
        yield f"operators at a glance at {depth:.0%}", _glance(cursor=cursor)
    for sort in ("licences_active", "equipment", "changes_open", "last_data_at"):
        yield f"operators at a glance by {sort}", _glance(sort=sort, descending=True)
    yield "operators at a glance, working", _glance(integration="working")
    yield "operators at a glance, silent", _glance(integration="silent")
    yield "operators at a glance, common search", _glance(search="bench")
    yield "operators by integration", lambda conn: gateway.operators_by_integration(conn, "")


def _glance(**asked: Any) -> Call:
    return lambda conn: gateway.operators_at_a_glance(conn, limit=PAGE, **asked)


def _taxpayers(cursor: str | None) -> Call:
    return lambda conn: desk.taxpayers(conn, search="", cursor=cursor, limit=PAGE)


# Words that are found once, in every machine, in one of twenty that lie far in the list, each in
# many and all together in few, nowhere.
SEARCHES = {
    "rare": "SN00007919",
    "common": "model",
    "one letter": "t",
    "two letters": "91",
    "two common letters": "sn",
    "common and one letter": "model q",
    "common and two letters": "model 91",
    "each common, all rare": "0 1 2 3 4 5 6 7 8 9",
    "none": "нічого такого",
}


FACETS = {"state": "blocked", "kind": "gaming_table", "model": "Model S"}


def _narrowed() -> Iterator[tuple[str, Call]]:
    """Filters, searches, as of: the list, and the counts beside it."""
    for what, filters in (
        ("rare filter", {"model": ["Model Q"], "kind": ["gaming_table"]}),
        ("of one operator", {"operator": [7]}),
        ("by an attribute", {"serial_number": ["SN00007919"]}),
        ("in one venue", {"channel_id": ["77"]}),
    ):
        given: gateway.Filters = filters
        yield f"list equipment, {what}", _list("equipment", "title_uk", None, filters=given)
        yield f"facets of equipment, {what}", _facets("", given)
    yield (
        "list equipment, common search, from the other end",
        _list("equipment", "code", None, search="m-1", descending=True),
    )
    for what, text in SEARCHES.items():
        yield f"list equipment, {what} search", _list("equipment", "title_uk", None, search=text)
        yield f"facets of equipment, {what} search", _facets(text, {})
        yield f"search everything, {what}", _search(text)
    now = datetime.now(UTC)
    for what, then in (("now", now), ("before all", now - timedelta(days=3650))):
        yield f"list equipment as of {what}", _list("equipment", "code", None, as_of=then)
        yield f"facets of equipment as of {what}", _facets("", {}, then)
    yield (
        "list equipment as of now, rare search",
        _list("equipment", "code", None, search=SEARCHES["rare"], as_of=now),
    )
    yield "facets of equipment", _facets("", {})
    yield "facets of equipment, filtered", _facets("", {"kind": ["slot_machine"]})
    for name, value in FACETS.items():
        yield (
            f"list equipment, facet {name}",
            _list("equipment", "title_uk", None, filters={name: [value]}),
        )
        yield f"facets of equipment, facet {name}", _facets("", {name: [value]})


def _use(conn: db.Connection) -> object:
    return gateway.key_use(conn, OPERATOR)


def _queue(states: list[str] | None, after: int | None, *, backward: bool = False) -> Call:
    return lambda conn: gateway.changes(
        conn, states=states, after=after, backward=backward, limit=PAGE
    )


def _list(
    kind: str,
    sort: str,
    cursor: str | None,
    *,
    filters: gateway.Filters | None = None,
    search: str = "",
    descending: bool = False,
    as_of: datetime | None = None,
) -> Call:
    return lambda conn: gateway.records(
        conn, kind, filters=filters or {}, search=search, sort=sort, descending=descending,
        cursor=cursor, backward=False, limit=PAGE, as_of=as_of,
    )  # fmt: skip


def _facets(search: str, filters: gateway.Filters, as_of: datetime | None = None) -> Call:
    return lambda conn: gateway.facets(
        conn, "equipment", filters=filters, search=search, as_of=as_of
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
