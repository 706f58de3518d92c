"""60 officials and 1,000 people of operators signed in at once.

All sign in; then all of their sessions live at the same time, and each opens its start page and a
report, 32 at a moment. What it takes is told: memory of the workers, connections of the database,
latencies. Each page must be the person's own.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any
from urllib.request import urlopen

from psycopg import sql

from tests.campaigns.campaign import Campaign, Task, say
from tests.campaigns.watch import Usage, Watch
from tests.support import market
from tests.support.batches import random_rows, store
from tests.support.databases import Database, rows, value
from tests.support.market import register
from tests.support.pages import people
from tests.support.servers import serving
from tests.support.streams import Reader

OFFICIALS = 60
ACCOUNTS = 1_000
OPERATORS = 25
ROLES = ("regulator", "tax_service", "registrar", "auditor")
WORKERS = 2
AT_A_MOMENT = 32
READY_S = 120
REPORT = "/reports/R03"
START = "/"


def run(
    task: Task, *, officials: int = OFFICIALS, accounts: int = ACCOUNTS, operators: int = OPERATORS
) -> dict[str, Any]:
    """``task.rounds`` rounds of pages by everyone; latencies in ms, memory in MiB."""
    rng = random.Random(task.seed)
    everyone = _people(task.database, rng, officials, accounts, operators)
    with serving(task.database, workers=WORKERS, jobs=True) as server:
        watch = Watch(task.database, server.process.pid)
        try:
            _await_workers(server.port)
            before = watch.look()
            begun = time.monotonic()
            with ThreadPoolExecutor(AT_A_MOMENT) as crowd:
                readers = list(crowd.map(lambda one: Reader(server.port, one[0]), everyone))
            entered = time.monotonic() - begun
            say(f"{len(readers)} signed in after {entered:.0f} s")
            assert _living(task.database) >= len(everyone), "sessions ended by themselves"
            opened = {START: [], REPORT: []}
            for _ in range(task.rounds):
                for path in opened:
                    opened[path] += _open(readers, everyone, path, rng)
                    say(f"{path} opened by everyone")
            assert _living(task.database) >= len(everyone), "sessions ended by themselves"
            after = watch.look()
        finally:
            watch.close()
    return {
        "signed_in": len(readers),
        "sign_ins_per_s": round(len(readers) / entered, 1),
        "pages": sum(map(len, opened.values())),
        "latency_ms": {path: _told(taken) for path, taken in opened.items()},
        "at_a_moment": AT_A_MOMENT,
        "before": _usage(before),
        "after": _usage(after),
    }


def _await_workers(port: int) -> None:
    """A worker loads everything before its first answer, which may take it long."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=READY_S):
            return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _people(
    database: Database, rng: random.Random, officials: int, accounts: int, operators: int
) -> list[tuple[int, str, str]]:
    """Number, role and name of each; half of a day's records for each operator."""
    day = datetime.now(UTC) - timedelta(days=1)
    with database.connect() as conn:
        made = [
            register(
                conn,
                market.document(
                    f"CROWD-{number:03}",
                    licences=[market.licence(f"CR-{number:03}", "online_casino")],
                    channels=[market.website(f"CROWD-{number:03}")],
                    games=[market.game(f"GAME-{number:03}", "online_casino")],
                ),
            )
            for number in range(operators)
        ]
    for one in made:
        store(database, one, random_rows(one, 200, rng, [day]))
    people(database)
    with database.connect() as conn:
        for number in range(officials):
            _enrol(conn, ROLES[number % len(ROLES)], None, f"Службовець {number:04}")
        for number in range(accounts):
            _enrol(conn, "operator", made[number % operators].id, f"Менеджер {number:04}")
        conn.execute("select identity.start_demo()")  # numbers and appointments for them, too
        return [
            (id_, role, name)
            for id_, role, name in rows(
                conn,
                "select id, role, name_uk from identity.person"
                " where name_uk ~ '^(Службовець|Менеджер) [0-9]{4}$' order by id",
            )
        ]


def _enrol(conn: Any, role: str, operator: int | None, name: str) -> None:
    """One more identity that may enter: the columns of one that the demonstration made, renamed."""
    columns = [
        one
        for (one,) in rows(
            conn,
            "select column_name from information_schema.columns where table_schema = 'identity'"
            " and table_name = 'person' and column_name not in"
            " ('id', 'operator_id', 'name_uk', 'name_en', 'tax_number')",
        )
    ]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    conn.execute(
        sql.SQL(
            "insert into identity.person (operator_id, name_uk, name_en, {})"
            " select %s, %s, %s, {} from identity.person"
            " where demo and role = %s and operator_id is not distinct from %s order by id limit 1"
        ).format(names, names),
        (operator, name, name, role, operator),
    )


def _living(database: Database) -> int:
    with database.connect() as conn:
        found: int = value(
            conn,
            "select count(distinct person_id) from identity.session"
            " where ended_at is null and expires_at > now()",
        )
        return found


def _open(
    readers: list[Reader], everyone: list[tuple[int, str, str]], path: str, rng: random.Random
) -> list[float]:
    """Everyone opens a page, in an order of chance; seconds of each."""
    order = rng.sample(range(len(readers)), len(readers))

    def one(number: int) -> float:
        _, role, name = everyone[number]
        begun = time.monotonic()
        page = readers[number].request("GET", path)
        taken = time.monotonic() - begun
        # The registrar keeps registers and reads no report.
        wanted = 403 if path == REPORT and role == "registrar" else 200
        assert page.status == wanted, f"{role} got {page.status} by {path}"
        assert name in page.text, f"{name} got the page of somebody else"
        return taken

    with ThreadPoolExecutor(AT_A_MOMENT) as crowd:
        return list(crowd.map(one, order))


def _told(taken: list[float]) -> dict[str, float]:
    cuts = quantiles(taken, n=100)
    figures = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "worst": max(taken)}
    return {name: round(1000 * seconds) for name, seconds in figures.items()}


def _usage(look: Usage) -> dict[str, float]:
    names = ("workers_mb", "backends_mb", "connections", "files")
    return {name: round(float(getattr(look, name)), 1) for name in names}


CAMPAIGN = Campaign(
    "signed_in",
    "60 officials and 1,000 people of operators are signed in at once, and each sees its own pages",
    run,
    length=1,
)
