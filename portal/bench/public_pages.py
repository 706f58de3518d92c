"""How long public pages and files take through gunicorn: as they are kept, and after a change.

Asked as anyone asks: no cookie, one connection to one worker. After a change of the registers the
first answer is made anew; that is measured by itself, as it is what somebody waits for.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence

from portal import db
from portal.bench.figures import Figures, percentiles
from portal.bench.instance import BenchmarkFailed, gateway
from portal.open_data.gateway import MOST_SHOWN

WORKERS = 1
PATIENCE_S = 60
WARM_UP = 3  # fewer where next to no calls are made
PAGES = (
    "/open/uk/",
    "/open/uk/operators",
    "/open/uk/operators?q=bench-9",
    "/open/uk/licences",
    "/open/uk/venues",
    "/open/uk/blocked_sites",
    "/open/uk/blocked_sites?q=illegal-99",
    "/open/uk/check?site=www.illegal-777.example.net",
    "/open/uk/check?site=nobody.example.org",
    "/open/uk/complain",
)
LISTS = (
    "/open/blocked.txt",
    "/open/blocked.csv",
    "/open/blocked.json",
    "/open/blocked.rpz",
    "/open/blocked.txt.sig",
    "/open/blocked/changes?after=9000",
    "/open/data/operators.csv",
    "/open/data/blocked_sites.json",
    "/open/data/venues.csv",
)
# Moves the number of the last change, by which public answers are kept.
CHANGE = (
    "update registry.blocked_site set order_date = order_date + interval '1 second'"
    " where id = (select min(id) from registry.blocked_site)"
)


def pages(operators: int, venues: int, blocked: int) -> list[str]:
    """Addresses of pages for people, deep ones included, of registers so full."""
    deep = {"operators": operators, "venues": venues, "blocked_sites": blocked}
    return [
        *PAGES,
        *(f"/open/uk/{name}?page={max(1, full // MOST_SHOWN)}" for name, full in deep.items()),
        f"/open/uk/operators/BENCH-{operators // 2}",
    ]


def measure(addresses: Sequence[str], calls: int) -> dict[str, dict[str, Figures]]:
    """Percentiles in milliseconds by address: ``kept`` and ``after_a_change``.

    Raises BenchmarkFailed.
    """
    found: dict[str, dict[str, Figures]] = {}
    with gateway(WORKERS) as (_, port), db.migrator(autocommit=True) as owner:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        for address in addresses:
            first = min(WARM_UP, calls - 1)
            took = [_open(connection, address) for _ in range(first + calls)]
            fresh = []
            for _ in range(calls):
                owner.execute(CHANGE)
                fresh.append(_open(connection, address))
            found[address] = {
                "kept": percentiles(took[first:]),
                "after_a_change": percentiles(fresh),
            }
        connection.close()
    return found


def worst(found: dict[str, dict[str, Figures]], addresses: Sequence[str], state: str) -> float:
    """The largest 95th percentile of some addresses."""
    return max(float(found[one][state]["p95"]) for one in addresses if one in found)


def _open(connection: http.client.HTTPConnection, address: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise BenchmarkFailed(f"{address} is answered {answer.status}")
    return time.perf_counter() - begun
