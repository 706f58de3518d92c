"""Python calls SQL functions that exist, with arguments that they take, and reads only api."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import config
from tests.support.databases import Connection, rows

PORTAL = config.ROOT / "portal"
# Not for requests: the server itself, its definition, backups, jobs, measurement, verification.
OWN_CONNECTIONS = (
    "runtime/",
    "schema/",
    "jobs/",
    "bench/",
    "backup/",
    "sequencing/",
    "attest/",
    "ledger/source.py",
)
HELPERS = {"call", "call_value", "copy_and_call"}
OF_A_COPY = {"into", "rows", "between"}  # named arguments that are not the function's
# Work as the owner or the superuser on purpose: upgrades, verification, measurement.
MAINTENANCE = (
    "runtime",
    "schema",
    "jobs",
    "sequencing/commands.py",
    "attest/attester.py",
    "attest/doctor.py",
    "sequencing/sequencer.py",
    "sequencing/doctor.py",
    "sequencing/restoring.py",
    "bench",
    "archive",
    "market/cases.py",
    "market/loading.py",
    "ledger/verify.py",
    "ledger/commands.py",
    "ledger/source.py",
    "ledger/traces.py",
    "db.py",
)


@dataclass(frozen=True)
class Call:
    """One call of a SQL function in the code."""

    where: str
    function: str
    positional: int
    starred: bool
    named: frozenset[str]


def _calls() -> Iterator[Call]:
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            target = node.args[1]
            if name in HELPERS and isinstance(target, ast.Constant):
                arguments = node.args[2:]
                yield Call(
                    f"{path.relative_to(PORTAL)}:{node.lineno}",
                    str(target.value),
                    len(arguments),
                    any(isinstance(one, ast.Starred) for one in arguments)
                    or any(word.arg is None for word in node.keywords),
                    frozenset(word.arg for word in node.keywords if word.arg) - OF_A_COPY,
                )


CALLS = list(_calls())


def _problem(call: Call, conn: Connection) -> str | None:
    found = rows(
        conn,
        "select p.pronargs, p.pronargdefaults, coalesce(p.proargnames, '{}')"
        " from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        " where n.nspname || '.' || p.proname = %s",
        (call.function,),
    )
    if len(found) != 1:
        return f"{len(found)} functions of this name"
    [(count, defaults, names)] = found
    if unknown := call.named - set(names[:count]):
        return f"takes no {', '.join(sorted(unknown))}"
    if call.starred:
        return None
    given = call.positional + len(call.named)
    return None if count - defaults <= given <= count else f"{given} arguments for {count}"


def test_there_are_calls() -> None:
    assert len(CALLS) > 15


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.where)
def test_each_call_matches_its_function(superuser: Connection, call: Call) -> None:
    assert _problem(call, superuser) is None, call.function


def _is_maintenance(path: Path) -> bool:
    return str(path.relative_to(PORTAL)).startswith(MAINTENANCE)


def test_queries_of_the_portal_name_only_api() -> None:
    closed = re.compile(r"\b(?:from|join|into|update)\s+(?!api\.)([a-z_]+\.[a-z_]+)\b")
    found = [
        f"{path.relative_to(PORTAL)}: {name}"
        for path in sorted(PORTAL.rglob("*.py"))
        if not _is_maintenance(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not node.value.startswith('"""')
        for name in closed.findall(node.value)
        if name.split(".")[0]
        in {"registry", "identity", "ledger", "ledger_chunks", "rollup", "report", "audit"}
    ]
    assert found == []


def test_only_few_modules_open_connections() -> None:
    openers = {
        str(path.relative_to(PORTAL))
        for path in PORTAL.rglob("*.py")
        if re.search(r"psycopg\.connect\(|ConnectionPool", path.read_text())
    }
    assert {name for name in openers if not name.startswith(OWN_CONNECTIONS)} <= {"db.py"}


def test_the_master_loads_nothing_that_its_workers_must_patch_first() -> None:
    """A driver that was loaded before gevent patched the sockets would block the whole worker."""
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, portal.server.master; print(*sorted({'psycopg', 'psycopg_pool', 'flask'}"
            " & sys.modules.keys()))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == []
