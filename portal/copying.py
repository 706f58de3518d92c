"""COPY and what follows it, in one message: the server goes on without waiting for us.

Rows that a COPY counts into the rollups stay locked until its transaction commits. A worker with
much to do comes back to a connection only after milliseconds; statements sent one by one would
keep everyone else waiting for those rows meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
from psycopg import errors, generators, pq, sql
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import Transformer

Results = list[pq.abc.PGresult]

_PART_BYTES = 128 * 1024  # at a time to libpq, which keeps what the server does not take yet


def copy_and_call(
    conn: psycopg.Connection[Any],
    function: LiteralString,
    *documents: str,
    into: str,
    rows: Buffer,
    between: Callable[[], None],
) -> list[tuple[Any, ...]]:
    """COPY ``rows``, call a function with JSON documents, commit; what the function returns.

    ``into`` is the COPY statement; ``between`` is called between the parts of many rows. Raises
    psycopg.Error; then nothing is committed.
    """
    # Sent before, as parameters: values have no place in a statement's text, which logs may show.
    names = [f"dozir.document_{place}" for place, _ in enumerate(documents, 1)]
    settings = ", ".join("set_config(%s, %s, true)" for _ in names)
    conn.execute(
        f"select {settings}",
        [value for pair in zip(names, documents, strict=True) for value in pair],
    )
    schema, name = function.split(".")
    statements = sql.SQL("{}; select * from {}({}); commit").format(
        sql.SQL(into),
        sql.Identifier(schema, name),
        sql.SQL(", ").join(sql.SQL("current_setting({})::jsonb").format(one) for one in names),
    )
    _, called, _ = _results(conn, _copy(conn.pgconn, statements.as_bytes(conn), rows, between))
    transformer = Transformer(conn)
    transformer.set_pgresult(called)
    found: list[tuple[Any, ...]] = transformer.load_rows(0, called.ntuples, tuple)
    return found


def _results(conn: psycopg.Connection[Any], sending: PQGen[Results]) -> Results:
    """Wait for the results of several statements; raises the error of the first that failed."""
    try:
        results = conn.wait(sending)
    except psycopg.Error:
        raise
    except BaseException:  # cut off in the middle: nobody knows where the connection stands
        conn.close()
        raise
    for result in results:
        if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            raise errors.error_from_result(result)
    return results


def _copy(
    pgconn: pq.abc.PGconn, statements: bytes, rows: Buffer, between: Callable[[], None]
) -> PQGen[Results]:
    pgconn.send_query(statements)
    yield from generators.send(pgconn)
    started: Results = yield from generators.fetch_many(pgconn)
    if started[-1].status != pq.ExecStatus.COPY_IN:
        return started
    view = memoryview(rows)
    for start in range(0, len(view), _PART_BYTES):
        if start:
            between()
        part = view[start : start + _PART_BYTES]
        yield from generators.copy_to(pgconn, part, flush=len(view) > _PART_BYTES)
    while pgconn.put_copy_end() == 0:
        yield generators.WAIT_W
    yield from generators.send(pgconn)
    results: Results = yield from generators.fetch_many(pgconn)
    return results
