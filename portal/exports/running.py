"""Makes the files that nobody waits for: one after the other, in a process beside the workers.

A file is made with the rights that its person has when it is made: same role, same operator, still
in office; a session need not live. Whoever is killed over a file is noticed by its silence, and the
next runner begins anew; what a runner that was given up still says is not heard.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import structlog
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from portal import db
from portal.errors import DatabaseUnavailable, NotFound
from portal.exports import gateway, storage
from portal.exports.answering import LONGEST, filename, record, taker
from portal.exports.rendering import Bounds, TooLong, render
from portal.exports.sources import NotExportable, may_open, source
from portal.identity.login import Viewer
from portal.lifecycle import Flag
from portal.looking import Looking
from portal.web.i18n import LANGUAGES, speaking

BEAT_SECONDS = 0.5
# A runner that was silent for so long is dead.
STALE_SECONDS = 20
SWEEP_SECONDS = 60.0

# What went wrong -> why there is no file, the first that fits.
PROBLEMS: dict[type[Exception], str] = {
    TooLong: "too_long",
    NotExportable: "not_exportable",
    NotFound: "not_exportable",
    PermissionError: "no_rights",
    OSError: "no_space",
}

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """The file is not wanted any more, or this runner is to end."""


class Runner(Looking):
    """Takes files from the database and makes them; one under way is given back when it stops."""

    LOOK_SECONDS = 1.0

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app
        self._swept = 0.0

    def one(self) -> bool:
        """Make the file that is due; False where none is."""
        with db.portal() as conn:
            asked = gateway.claim_export(conn, STALE_SECONDS)
        if asked is None:
            return False
        _Making(self._app, asked, self._stopping).make()
        return True

    def between(self) -> None:
        """Remove files that nobody keeps any more, once a minute."""
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            with db.portal() as conn:
                kept = gateway.kept_exports(conn)
            storage.sweep(kept)


class _Making:
    """One file."""

    def __init__(self, app: Flask, asked: db.Row, stopping: Flag) -> None:
        self._app, self._asked, self._stopping = app, asked, stopping
        self._id: UUID = asked["id"]
        self._attempt: int = asked["attempt"]
        self._rows = 0
        self._unwanted = self._over = False
        self._reading: db.Connection | None = None

    def make(self) -> None:
        """Make it, or say why not."""
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        try:
            problem = self._made()
        finally:
            self._over = True
            watch.join()
        if problem:
            log.warning("export failed", job=str(self._id), problem=problem)
            self._end(problem=problem)

    def _made(self) -> str | None:
        """Make the file; why there is none. What the database does wrong is tried again later."""
        problem = None
        try:
            self._file()
        except (Stopped, psycopg.errors.QueryCanceled) as stopped:
            if self._unwanted or self._stopping.is_set():
                self._give_back()
            else:
                problem = "failed" if isinstance(stopped, Stopped) else "too_slow"
        except (DatabaseUnavailable, psycopg.OperationalError):
            raise
        except Exception as failure:
            problem = next(
                (word for kind, word in PROBLEMS.items() if isinstance(failure, kind)), "failed"
            )
            if problem == "failed":
                log.error("export failed", job=str(self._id), error=type(failure).__name__)
        return problem

    def _give_back(self) -> None:
        """What is wanted still is another's to make."""
        if not self._unwanted:
            with db.portal() as conn:
                gateway.release_export(conn, self._id, self._attempt)

    def _file(self) -> None:
        asked = self._asked
        own = source_of(self._app, asked["source"], asked["role"])
        arguments: dict[str, Any] = asked["arguments"]
        query: MultiDict[str, str] = MultiDict(
            [(name, str(one)) for name, values in arguments["query"].items() for one in values]
        )
        viewer = viewer_of(asked)
        path = storage.stored(self._id, self._attempt, asked["format"])
        language = asked["language"] if asked["language"] in LANGUAGES else "uk"
        with self._app.test_request_context("/", query_string=query), speaking(language):
            g.viewer = viewer
            g.request_id = asked["request_id"]
            with viewer.reading(snapshot=True) as conn:
                self._reading = conn
                try:
                    table = own.build(conn, viewer, arguments["path"], query)
                    bind = render(
                        table,
                        asked["format"],
                        taker(viewer),
                        path,
                        Bounds(LONGEST, arguments["verify"], self._go_on),
                    )
                finally:
                    self._reading = None
            written = bind()
            self._go_on(written.row_count)
            number = record(viewer, table, asked["format"], written, asked["request_id"])
            ready = self._end(
                export_id=number,
                filename=filename(table, asked["format"]),
                stored_bytes=path.stat().st_size,
            )
            if not ready:
                path.unlink(missing_ok=True)

    def _go_on(self, rows: int) -> None:
        self._rows = rows
        if self._unwanted or self._stopping.is_set():
            raise Stopped

    def _watch(self) -> None:
        """Say how far it is; when nobody wants it any more, stop the query that runs."""
        waiting = threading.Event()
        while not self._over:
            waiting.wait(BEAT_SECONDS)
            try:
                with db.portal() as conn:
                    wanted = gateway.note_export(conn, self._id, self._attempt, self._rows)
            except (DatabaseUnavailable, psycopg.OperationalError):
                continue
            self._unwanted = not wanted and not self._over
            if self._unwanted or self._stopping.is_set():
                self._cancel()
                return

    def _cancel(self) -> None:
        conn = self._reading
        if conn is not None:
            with suppress(psycopg.Error):
                conn.cancel_safe(timeout=5.0)

    def _end(self, **how: Any) -> bool:
        with db.portal() as conn:
            return gateway.end_export(conn, self._id, self._attempt, **how)


def source_of(app: Flask, endpoint: str, role: str) -> Any:
    """The page behind a job. PermissionError where it is none, or not open to the role any more."""
    with app.app_context():
        own = source(endpoint)
        if own is None or not may_open(endpoint, role):
            raise PermissionError(endpoint)
        return own


def viewer_of(asked: db.Row) -> Viewer:
    """Whose file it is."""
    return Viewer(
        asked["person_id"],
        asked["role"],
        asked["operator_id"],
        asked["name_uk"],
        asked["name_en"],
        asked["organisation_uk"],
        asked["organisation_en"],
    )
