"""How long the registers' pages take through gunicorn: first, middle and deep pages, by role.

A page is asked for again and again on one connection to one worker, and counts until its last byte
is read.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from portal import create_app, db
from portal.bench import sessions
from portal.bench.figures import Figures, percentiles
from portal.bench.instance import BenchmarkFailed, gateway
from portal.web.paging import cursor

WORKERS = 1
PATIENCE_S = 60
WARM_UP = 3  # fewer where next to no calls are made
Page = tuple[str, str, str]  # what it is, for which role, its address


def pages(role: str, operator: int, cursors: Sequence[tuple[str, float, str | None]]) -> list[Page]:
    """The pages of a role: lists of each kind as deep as the cursors lie, filters, searches."""
    return [
        (name, role, f"/registry/{path}{'?' if query else ''}{urlencode(query)}")
        for name, path, query in (
            *_addresses(operator, cursors),
            *_of_workspace(role, operator, cursors),
        )
    ]


def _addresses(
    operator: int, cursors: Sequence[tuple[str, float, str | None]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for kind, depth, place in cursors:
        yield f"list {kind} at {depth:.0%}", kind, {"cursor": place} if place else {}
    rare = {"model": "Model Q", "kind": "gaming_table"}
    yield "list equipment, rare filter", "equipment", rare
    yield "list equipment, by an attribute", "equipment", {"serial_number": "SN00007919"}
    yield "list equipment, rare search", "equipment", {"q": "SN00007919"}
    yield "list equipment, common search", "equipment", {"q": "model"}
    yield "list equipment, search by a letter", "equipment", {"q": "model q"}
    yield "list equipment, search by one letter", "equipment", {"q": "t"}
    yield "list equipment, search by two letters", "equipment", {"q": "model 91"}
    yield "list equipment, search for what many have", "equipment", {"q": "sn"}
    yield "list equipment, each word common and all rare", "equipment", {"q": "0 1 2 3 4 5 6 7 8 9"}
    far = {"q": "m-1", "sort": "code", "dir": "desc"}
    yield "list equipment, common search from the other end", "equipment", far
    for kind, depth, place in cursors:
        if kind == "equipment" and place:
            deep = {"q": "model", "cursor": place}
            yield f"list equipment, common search at {depth:.0%}", "equipment", deep
    for name, value in (("state", "blocked"), ("kind", "gaming_table"), ("model", "Model S")):
        yield f"list equipment, facet {name}", "equipment", {name: value}
    yield (
        "list equipment, facet and search by a letter",
        "equipment",
        {"q": "q", "state": "blocked"},
    )
    yield "list equipment, as of", "equipment", {"as_of": time.strftime("%Y-%m-%dT%H:%M")}
    for what, text in (
        ("rare", "SN00007919"),
        ("common", "model"),
        ("by a letter", "model q"),
        ("nothing", "нічого такого"),
    ):
        yield f"search, {what}", "search", {"q": text}
    yield "record of an organiser", f"organiser/{operator}", {}
    yield "history of an organiser", f"organiser/{operator}/history", {}
    yield "blocking orders", "blocking-orders", {}


def _of_workspace(
    role: str, operator: int, cursors: Sequence[tuple[str, float, str | None]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Pages that only some have."""
    deep = cursor(10_000)
    organisers = [
        (depth, {"cursor": place} if place else {})
        for kind, depth, place in cursors
        if kind == "organiser"
    ]
    if role == "regulator":
        yield "queue", "queue", {}
        yield "queue, deep and backward", "queue", {"state": "any", "cursor": deep, "back": "1"}
        for depth, place in organisers:
            yield f"operators at a glance at {depth:.0%}", "operators", place
        for sort in ("licences_active", "equipment", "changes_open", "last_data_at"):
            yield f"operators at a glance by {sort}", "operators", {"sort": sort}
        yield "operators at a glance, silent", "operators", {"integration": "silent"}
        yield "operators at a glance, search", "operators", {"q": "bench-9"}
        yield "keys of an operator", "keys", {"operator": str(operator)}
    if role == "operator":
        yield "own affairs", "own", {}
        yield "keys of an operator", "keys", {}
        yield "one key", f"keys/{operator}", {}
        yield "own changes", "changes", {}
    else:
        for depth, place in organisers:
            yield f"taxpayers at {depth:.0%}", "taxpayers", {"period": "month", **place}
        yield "taxpayers of a year", "taxpayers", {"period": "year"}
        yield "taxpayers, search", "taxpayers", {"period": "month", "q": "0000091"}
        yield "one taxpayer", f"taxpayers/{operator}", {}


def measure(wanted: list[Page], operator: int, calls: int) -> dict[str, dict[str, Figures]]:
    """Percentiles in milliseconds by page and role. Raises BenchmarkFailed."""
    app = create_app()
    with db.migrator() as owner:
        cookies = {
            role: sessions.cookie(
                app, owner, sessions.person(owner, role, operator if role == "operator" else None)
            )
            for role in {role for _, role, _ in wanted}
        }
    found: dict[str, dict[str, Figures]] = {}
    with gateway(WORKERS) as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        for name, role, address in wanted:
            first = min(WARM_UP, calls - 1)
            took = [_open(connection, address, cookies[role]) for _ in range(first + calls)]
            found.setdefault(name, {})[role] = percentiles(took[first:])
        connection.close()
    return found


def _open(connection: http.client.HTTPConnection, address: str, cookie: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise BenchmarkFailed(f"{address} is answered {answer.status}")
    return time.perf_counter() - begun
