"""How long the registers' pages take through gunicorn: first, middle and deep pages, by role.

A page is asked for again and again on one connection to one worker, and counts until its last byte
is read.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from portal import create_app, db
from portal.bench import sessions
from portal.bench.figures import Figures, percentiles
from portal.bench.instance import BenchmarkFailed, gateway

WORKERS = 1
PATIENCE_S = 60
WARM_UP = 3
Page = tuple[str, str, str]  # what it is, for which role, its address


def pages(role: str, operator: int, cursors: Iterable[tuple[str, float, str | None]]) -> list[Page]:
    """The pages of a role: lists of each kind as deep as the cursors lie, filters, searches."""
    return [
        (name, role, f"/registry/{path}{'?' if query else ''}{urlencode(query)}")
        for name, path, query in _addresses(operator, cursors)
    ]


def _addresses(
    operator: int, cursors: Iterable[tuple[str, float, str | None]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for kind, depth, cursor in cursors:
        yield f"list {kind} at {depth:.0%}", kind, {"cursor": cursor} if cursor else {}
    rare = {"model": "Model Q", "kind": "gaming_table"}
    yield "list equipment, rare filter", "equipment", rare
    yield "list equipment, rare search", "equipment", {"q": "SN00007919"}
    yield "list equipment, common search", "equipment", {"q": "model"}
    yield "list equipment, as of", "equipment", {"as_of": time.strftime("%Y-%m-%dT%H:%M")}
    for what, text in (("rare", "SN00007919"), ("common", "model"), ("nothing", "нічого такого")):
        yield f"search, {what}", "search", {"q": text}
    yield "record of an organiser", f"organiser/{operator}", {}
    yield "history of an organiser", f"organiser/{operator}/history", {}


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
            took = [_open(connection, address, cookies[role]) for _ in range(WARM_UP + calls)]
            found.setdefault(name, {})[role] = percentiles(took[WARM_UP:])
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
