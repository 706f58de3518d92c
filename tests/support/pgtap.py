"""Run a pgTAP script and read what it says (Test Anything Protocol)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from psycopg.pq import ExecStatus

from tests.support.databases import Database

LOGIN = re.compile(r"^-- login: (\w+)$", re.MULTILINE)
SUPERUSER = "superuser"


@dataclass(frozen=True)
class Outcome:
    """How often a script said ``ok``, and what it said of each failure."""

    passed: int
    failures: list[str]


def run_script(database: Database, script: Path) -> Outcome:
    """Run a script in one transaction, rolled back, logged in as its first line says.

    The first line is ``-- login: ROLE`` (``superuser`` for none of ours).
    """
    text = script.read_text()
    found = LOGIN.match(text)
    if found is None:
        raise ValueError(f"{script.name} does not begin with '-- login: ROLE'")
    login = None if found[1] == SUPERUSER else found[1]
    with database.rolled_back(login) as conn:
        conn.execute(
            "set transaction read write; set local search_path = tap, pg_catalog;"
            "set local client_min_messages = error; set local statement_timeout = '60s';"
            "select tap.no_plan()"
        )
        lines = _said(conn.pgconn, f"{text}\n;select * from tap.finish()")
    return _read(lines)


def _said(pgconn: object, text: str) -> list[str]:
    """Every value of every result in order; an error ends it and is a failure of its own."""
    from psycopg.pq import PGconn

    assert isinstance(pgconn, PGconn)
    pgconn.send_query(text.encode())
    lines = []
    while result := pgconn.get_result():
        if result.status == ExecStatus.FATAL_ERROR:
            lines.append(f"not ok - {result.get_error_message('utf-8')}")
        for row in range(result.ntuples):
            said = result.get_value(row, 0) if result.nfields else None
            lines += (said or b"").decode().splitlines()
    return lines


def _read(lines: list[str]) -> Outcome:
    passed = 0
    failures: list[str] = []
    failing = False
    for line in lines:
        if line.startswith("ok "):
            passed += 1
            failing = False
        elif line.startswith("not ok"):
            failures.append(line)
            failing = True
        elif failing and line.startswith("#"):
            failures[-1] += f"\n    {line}"
    return Outcome(passed, failures)
