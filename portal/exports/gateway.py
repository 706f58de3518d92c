"""The record of exports and the files that are being made: one function for each of ``api``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from portal import db


def record_export(
    conn: db.Connection,
    *,
    name: str,
    title: str,
    language: str,
    parameters: Mapping[str, Any],
    lines: Sequence[tuple[str, str]],
    as_of: datetime,
    row_count: int,
    sha256: bytes,
    form: str,
    request_id: str,
) -> int:
    """Note an export of the caller's, before its first byte leaves; its number."""
    number: int = db.call_value(
        conn, "api.record_export", name, title, language, Jsonb(parameters),
        Jsonb([list(line) for line in lines]), as_of, row_count, sha256, form, request_id,
    )  # fmt: skip
    return number


def knows_export(conn: db.Connection, sha256: bytes) -> bool:
    """Whether any export has this hash; as the portal itself."""
    return bool(db.call_value(conn, "api.knows_export", sha256))


def exports_of_hash(conn: db.Connection, sha256: bytes) -> list[db.Row]:
    """The exports with this hash that the caller may read, the newest first."""
    return conn.execute(
        "select * from api.export where sha256 = %s order by id desc limit 50", (sha256,)
    ).fetchall()


def exports(conn: db.Connection, before: int | None, limit: int, name: str) -> list[db.Row]:
    """Exports that the caller may read, the newest first; ``name`` '' is any."""
    return conn.execute(
        "select * from api.export where (%(before)s::bigint is null or id < %(before)s)"
        " and (%(name)s::text = '' or name = %(name)s) order by id desc limit %(limit)s",
        {"before": before, "limit": limit, "name": name},
    ).fetchall()


def people(conn: db.Connection, ids: Sequence[int]) -> dict[int, db.Row]:
    """Who took exports, as far as the caller is told."""
    rows = conn.execute("select * from api.person where id = any (%s)", (list(ids),))
    return {row["id"]: row for row in rows}


def request_export(
    conn: db.Connection,
    source: str,
    arguments: Mapping[str, Any],
    *,
    form: str,
    language: str,
    request_id: str,
) -> UUID:
    """Ask for a file that is made while nobody waits. SQLSTATE DZX01 or DZX03: enough already."""
    made: UUID = db.call_value(
        conn, "api.request_export", source, Jsonb(arguments), form, language, request_id
    )
    return made


def jobs(conn: db.Connection) -> list[db.Row]:
    """The caller's files that are being made or were, the newest first."""
    return conn.execute(
        "select * from api.export_job order by requested_at desc, id limit 50"
    ).fetchall()


def job(conn: db.Connection, job_id: UUID) -> db.Row | None:
    """One of the caller's files; None where there is none, as for another's."""
    return conn.execute("select * from api.export_job where id = %s", (job_id,)).fetchone()


def cancel_export(conn: db.Connection, job_id: UUID) -> bool:
    """Give up a file of the caller's; False where there is none that could be."""
    return bool(db.call_value(conn, "api.cancel_export", job_id))


def see_export(conn: db.Connection, job_id: UUID) -> bool:
    """Note that the caller knows how it ended."""
    return bool(db.call_value(conn, "api.see_export", job_id))


def claim_export(conn: db.Connection, stale_seconds: int) -> db.Row | None:
    """The file that is to be made next; as the portal itself."""
    found = db.call(conn, "api.claim_export", stale_seconds)
    return found[0] if found else None


def note_export(conn: db.Connection, job_id: UUID, attempt: int, rows: int) -> bool:
    """How far a file is; False when its runner is to stop."""
    return bool(db.call_value(conn, "api.note_export", job_id, attempt, rows))


def end_export(
    conn: db.Connection,
    job_id: UUID,
    attempt: int,
    *,
    export_id: int | None = None,
    filename: str | None = None,
    stored_bytes: int | None = None,
    problem: str | None = None,
) -> bool:
    """The file is ready or, with a ``problem``, will not be; False when nobody wants it."""
    return bool(
        db.call_value(
            conn, "api.end_export", job_id, attempt, export_id, filename, stored_bytes, problem
        )
    )


def release_export(conn: db.Connection, job_id: UUID, attempt: int) -> bool:
    """Give a file back that another runner is to make."""
    return bool(db.call_value(conn, "api.release_export", job_id, attempt))


def kept_exports(conn: db.Connection) -> set[tuple[UUID, int]]:
    """Number and attempt of the files that are still needed."""
    return {(row["id"], row["attempt"]) for row in db.call(conn, "api.kept_exports")}
