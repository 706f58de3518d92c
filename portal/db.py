"""The only door to SQL: one pool per trust class, one helper that becomes a role, one that calls.

Nothing else in the portal opens a connection. A request acts as exactly one role, inside one
transaction, and everything it was given falls off at the end of that transaction.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import RowFactory, dict_row
from psycopg_pool import ConnectionPool

from portal import green, runtime
from portal.errors import DatabaseUnavailable, Unstorable

green.install()

Row = dict[str, Any]
Connection = psycopg.Connection[Row]
Made = TypeVar("Made")
AnyCursor = psycopg.Cursor[Any] | psycopg.ServerCursor[Any]

ROLES = frozenset(
    {
        "operator",
        "regulator",
        "tax_service",
        "registrar",
        "auditor",
        "financial_monitoring",
        "fairness",
        "administrator",
    }
)
# Login, or login and purpose: each has a pool of its own. What takes a moment is not to wait behind
# batches that are being stored. Of ingest's, four store batches; the other records refusals and
# names duplicates. What a moment writes is how much of its allowance a key has used, which may be
# lost in a crash: it waits for no disk.
MOMENT = "dozir_ingest:moment"
POOL_SIZE = {"dozir_portal": 8, "dozir_ingest": 5, MOMENT: 2, "dozir_public": 2}
WAIT_SECONDS = 5.0

# The request on whose behalf a transaction is, for the audit trail: its id and from where it came.
asked_by: ContextVar[tuple[str, str]] = ContextVar("asked_by", default=("", ""))

# Operational errors that say something of one statement, not of the server.
_OF_THE_STATEMENT = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


# By name and process: a pool must never cross a fork.
_open_pools: dict[tuple[str, int], ConnectionPool[Connection]] = {}
# Opening one lets others run: of all who come first together, one opens it.
_opening = threading.Lock()


def _pool(name: str) -> ConnectionPool[Connection]:
    own = name, os.getpid()
    if (pool := _open_pools.get(own)) is not None:
        return pool
    with _opening:
        if own not in _open_pools:
            _open_pools[own] = _open(name)
        return _open_pools[own]


def _open(name: str) -> ConnectionPool[Connection]:
    login = name.partition(":")[0]
    return ConnectionPool(
        runtime.role_url(login),
        kwargs={
            "row_factory": dict_row,
            "application_name": login,
            # Mostly one statement: BEGIN and COMMIT would be two round trips more.
            "autocommit": login == "dozir_ingest",
            "options": "-c synchronous_commit=off" if name == MOMENT else "",
        },
        connection_class=psycopg.Connection[Row],
        min_size=1,
        max_size=POOL_SIZE[name],
        timeout=WAIT_SECONDS,
        reconnect_timeout=WAIT_SECONDS,
        check=None,
        open=True,
        name=name,
    )


def close() -> None:
    """Close this process's pools on the way out: their threads must not outlive it."""
    for pool in _open_pools.values():
        pool.close()
    _open_pools.clear()


atexit.register(close)


def pools() -> Iterator[tuple[str, dict[str, int]]]:
    """How each pool of this process is doing: ``pool_size``, ``pool_available``, …."""
    for pool in _open_pools.values():
        yield pool.name, pool.get_stats()


@contextmanager
def connection(pool_name: str, *, wait: float = WAIT_SECONDS) -> Iterator[Connection]:
    """A connection out of one of the pools of ``POOL_SIZE``, returned clean.

    Raises DatabaseUnavailable when none can be had or the server goes away while it is used,
    Unstorable for a value that no statement can carry.
    """
    pool = _pool(pool_name)
    try:
        with pool.connection(timeout=wait) as conn:
            yield conn
    except _OF_THE_STATEMENT:
        raise
    except psycopg.DataError as problem:
        if problem.sqlstate is None:  # it never got as far as the server
            raise Unstorable from problem
        raise
    except (psycopg.OperationalError, psycopg.InterfaceError) as problem:
        # When one connection is lost the others mostly are as well: have them replaced now, or
        # each would fail one more request.
        pool.check()
        raise DatabaseUnavailable from problem


@contextmanager
def acting_as(
    role: str,
    *,
    operator_id: int | None = None,
    actor: str = "",
    person_id: int | None = None,
    snapshot: bool = False,
) -> Iterator[Connection]:
    """One transaction as one role, bound by its row-level security.

    ``operator_id`` is whose rows an operator sees; ``actor`` is written into history; ``person_id``
    is who acts, whose own applications are seen before there is an operator. With ``snapshot`` all
    its statements see one state.
    """
    with connection("dozir_portal") as conn, _isolated(conn, snapshot), conn.transaction():
        _become(conn, role, operator_id, actor, person_id)
        yield conn


@contextmanager
def owner_acting_as(
    role: str, *, operator_id: int | None = None, actor: str = "", person_id: int | None = None
) -> Iterator[Connection]:
    """The same by the login of the owner, for the command line and the demonstration alone.

    Acts that people sign in the portal are not signed here, and the database demands no signature:
    ``actor`` says in the history who did them.
    """
    with migrator() as conn:
        _become(conn, role, operator_id, actor, person_id)
        yield conn


def _become(
    conn: Connection, role: str, operator_id: int | None, actor: str, person_id: int | None
) -> None:
    if role not in ROLES:
        raise ValueError("unknown role")
    conn.execute(
        "select set_config('role', %s, true), set_config('dozir.operator_id', %s, true),"
        " set_config('dozir.actor', %s, true), set_config('dozir.person_id', %s, true),"
        " set_config('dozir.request_id', %s, true), set_config('dozir.address', %s, true)",
        (
            role,
            "" if operator_id is None else str(operator_id),
            actor,
            "" if person_id is None else str(person_id),
            *asked_by.get(),
        ),
    )


@contextmanager
def _isolated(conn: Connection, snapshot: bool) -> Iterator[None]:
    """Transactions inside see one state each, if asked for; afterwards as before."""
    if snapshot:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        if snapshot and not conn.closed:
            conn.isolation_level = None


@contextmanager
def portal(*, noted: bool = False) -> Iterator[Connection]:
    """One transaction as the portal itself: sessions, and nothing of the market.

    ``noted``: it writes into the audit trail, so the server is told of which request it is.
    """
    with connection("dozir_portal") as conn, conn.transaction():
        if noted:
            conn.execute(
                "select set_config('dozir.request_id', %s, true),"
                " set_config('dozir.address', %s, true)",
                asked_by.get(),
            )
        yield conn


@contextmanager
def public() -> Iterator[Connection]:
    """One transaction as anyone: what schema ``open_data`` shows, and no way to become a role."""
    with connection("dozir_public") as conn, conn.transaction():
        yield conn


@contextmanager
def migrator(*, autocommit: bool = False) -> Iterator[Connection]:
    """A connection as the owner of everything: for the command line and the demonstration alone."""
    with psycopg.connect(
        runtime.role_url("dozir_migrator"), row_factory=dict_row, autocommit=autocommit
    ) as conn:
        yield conn


@cache
def _statement(function: LiteralString, positional: int, named: tuple[str, ...]) -> bytes:
    schema, name = function.split(".")
    parts: list[sql.Composable] = [sql.Placeholder()] * positional
    parts += [sql.SQL("{} => %s").format(sql.Identifier(key)) for key in named]
    return (
        sql.SQL("select * from {}({})")
        .format(sql.Identifier(schema, name), sql.SQL(", ").join(parts))
        .as_bytes()
    )


def call(conn: Connection, function: LiteralString, *args: object, **named: object) -> list[Row]:
    """The rows of ``schema.function(...)``; named arguments become named SQL arguments."""
    query = _statement(function, len(args), tuple(named))
    return conn.execute(query, (*args, *named.values())).fetchall()


def call_as(
    conn: Connection, factory: RowFactory[Made], function: LiteralString, *args: object
) -> list[Made]:
    """The same, each row as the factory makes it: of thousands, a dict takes the longest."""
    with conn.cursor(row_factory=factory) as cursor:
        return cursor.execute(_statement(function, len(args), ()), args).fetchall()


def stream(
    conn: Connection, factory: RowFactory[Made], function: LiteralString, *args: object, size: int
) -> Iterator[list[Made]]:
    """The rows of ``schema.function(...)``, ``size`` at a time; the server keeps them meanwhile."""
    with conn.cursor(name="streamed", row_factory=factory) as cursor:
        cursor.execute(_statement(function, len(args), ()), args)
        while rows := cursor.fetchmany(size):
            yield rows


def call_value(conn: Connection, function: LiteralString, *args: object, **named: object) -> Any:
    """The single value of a function that returns one."""
    row = call(conn, function, *args, **named)[0]
    return next(iter(row.values()))
