"""Pages of exports: what was taken, files that are being made, and the check of a file."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
from flask import Blueprint, Flask, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from portal import db
from portal.errors import NotFound
from portal.exports import checking, gateway, storage
from portal.exports.answering import AT_ONCE_ROWS, LONGEST, TOO_MANY, attached
from portal.exports.checking import Verdict
from portal.exports.formats import FORMATS
from portal.exports.sources import known, may_open, source
from portal.identity.login import audience, current_viewer, public
from portal.web import navigation, shell
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.navigation import NavItem
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render
from portal.web.request_id import request_id
from portal.web.turnstile import Turnstile

EVERYBODY = tuple(sorted(navigation.ROLES))
MINE = lazy_gettext("My work")
ROWS = 50
# A file that somebody wants checked; larger ones by `dozir exports verify`.
LARGEST_FILE = 64 * 1024 * 1024
LONGEST_ARGUMENTS = 16 * 1024
RETRY_SECONDS = 5
AGAIN_SECONDS = 5
STATES: dict[str, tuple[LazyString, str]] = {
    "waiting": (lazy_gettext("Waiting"), "info"),
    "running": (lazy_gettext("Being made"), "info"),
    "ready": (lazy_gettext("Ready"), "ok"),
    "failed": (lazy_gettext("Failed"), "bad"),
    "cancelled": (lazy_gettext("Cancelled"), "quiet"),
    "expired": (lazy_gettext("Expired"), "quiet"),
}
UNFINISHED = frozenset({"waiting", "running"})
PROBLEMS: dict[str, LazyString] = {
    "too_long": lazy_gettext("The table has more than 1,000,000 rows. Narrow it by filters."),
    "too_slow": lazy_gettext(
        "The database took too long to read it. Choose a shorter period or narrow it by filters."
    ),
    "not_exportable": lazy_gettext("Something that the filters name is no longer there."),
    "no_rights": lazy_gettext("You may no longer see this table."),
    "no_space": lazy_gettext("There was no room left to store the file. Tell the administrators."),
    "gave_up": lazy_gettext("It was interrupted three times. Ask for it once more."),
    "failed": lazy_gettext("It could not be made. Tell the administrators the request id."),
}

blueprint = Blueprint("exports", __name__, url_prefix="/exports")
turnstile = Turnstile()


@blueprint.url_value_preprocessor
def bound(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """What is sent here is small, but for a file to be checked; the token's check included."""
    if endpoint == "exports.check":
        request.max_content_length = LARGEST_FILE + 64 * 1024
    else:
        request.max_content_length = 256 * 1024


@blueprint.get("")
@audience(*EVERYBODY)
def index() -> ResponseReturnValue:
    """What was taken: one's own, an operator's people's, for the auditor everybody's."""
    viewer = current_viewer()
    before = read_cursor(request.args, int)
    name = request.args.get("name", "")[:100].replace("\0", "")
    with viewer.reading() as conn:
        rows = gateway.exports(conn, before, ROWS + 1, name)
        people = gateway.people(conn, [row["person_id"] for row in rows])
    return render(
        "exports/index.html",
        listing=listing(rows, ROWS, "id", before is not None),
        people=people,
        name=name,
        wide=viewer.role in ("auditor", "operator"),
        formats=FORMATS,
    )


@blueprint.get("/records/<int:export_id>")
@audience(*EVERYBODY)
def one(export_id: int) -> ResponseReturnValue:
    """One export as it is on record."""
    if export_id >= 2**63:
        raise NotFound
    with current_viewer().reading() as conn:
        found = conn.execute("select * from api.export where id = %s", (export_id,)).fetchone()
        if found is None:
            raise NotFound
    return render("exports/record.html", export=found)


# Files that are made while nobody waits.


@blueprint.get("/files")
@audience(*EVERYBODY)
def jobs() -> ResponseReturnValue:
    """One's files: being made, ready, and what became of earlier ones."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        rows = gateway.jobs(conn)
    return render(
        "exports/files.html",
        jobs=[shown(row) for row in rows],
        sources=known(),
        longest=LONGEST,
        at_once=AT_ONCE_ROWS,
    )


@blueprint.post("/files")
@audience(*EVERYBODY, permission="export.make")
def make() -> ResponseReturnValue:
    """Ask for a file whose table is too long to wait for."""
    viewer = current_viewer()
    endpoint, form = request.form.get("source", ""), request.form.get("format", "")
    if source(endpoint) is None or not may_open(endpoint, viewer.role) or form not in FORMATS:
        raise NotFound
    wanted = {
        "path": _path(request.form.get("path", "")),
        "query": _query(request.form.get("query", "")),
        "verify": url_for("exports.verify", _external=True),
    }
    try:
        with viewer.reading() as conn:
            job_id = gateway.request_export(
                conn,
                endpoint,
                wanted,
                form=form,
                language=language(),
                request_id=request_id(),
            )
    except psycopg.Error as problem:
        if problem.sqlstate not in TOO_MANY:
            raise
        flash(str(TOO_MANY[problem.sqlstate]), "warning")
        return redirect(url_for("exports.jobs"), 303)
    # The page asks again by itself, which does not keep a session alive.
    return redirect(url_for("exports.job", job_id=job_id, refresh=AGAIN_SECONDS), 303)


def _path(text: str) -> dict[str, str | int]:
    """What stands in the path of the page's address."""
    try:
        found = json.loads(text[:LONGEST_ARGUMENTS] or "{}")
    except (ValueError, RecursionError):
        abort(400)
    plain = isinstance(found, dict) and all(
        type(value) is int or isinstance(value, str) for value in found.values()
    )
    if not plain or "\\u0000" in text:
        abort(400)
    return dict(found)


def _query(text: str) -> dict[str, list[str]]:
    """What stands in its query."""
    if len(text) > LONGEST_ARGUMENTS:
        abort(400)
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=False):
        found.setdefault(name.replace("\0", ""), []).append(value.replace("\0", ""))
    return found


@blueprint.get("/files/<uuid:job_id>")
@audience(*EVERYBODY)
def job(job_id: UUID) -> ResponseReturnValue:
    """How far one file is. Whoever looks at one that is over has been told."""
    row = _own(job_id)
    if row["state"] in ("ready", "failed") and row["seen_at"] is None:
        with current_viewer().reading() as conn:
            gateway.see_export(conn, job_id)
    return render(
        "exports/file.html",
        "progress",
        job=shown(row),
        source=source(row["source"]),
        unfinished=row["state"] in UNFINISHED,
        problems=PROBLEMS,
        formats=FORMATS,
        refresh=AGAIN_SECONDS if row["state"] in UNFINISHED else None,
    )


@blueprint.post("/files/<uuid:job_id>/cancel")
@audience(*EVERYBODY, permission="export.make")
def cancel(job_id: UUID) -> ResponseReturnValue:
    """Give a file up: it is not made any further, or no longer kept."""
    row = _own(job_id)
    with current_viewer().reading() as conn:
        if gateway.cancel_export(conn, job_id) and row["state"] == "ready":
            storage.stored(job_id, row["attempt"], row["format"]).unlink(missing_ok=True)
    return redirect(url_for("exports.jobs"), 303)


@blueprint.get("/files/<uuid:job_id>/download")
@audience(*EVERYBODY)
def download(job_id: UUID) -> ResponseReturnValue:
    """The file, whole or from where it broke off (Range)."""
    viewer = current_viewer()
    row = _own(job_id)
    lives = row["state"] == "ready" and row["expires_at"] > datetime.now(UTC)
    if not lives or not may_open(row["source"], viewer.role):
        raise NotFound
    path = storage.stored(job_id, row["attempt"], row["format"])
    if not path.is_file():
        raise NotFound
    kind = FORMATS[row["format"]]
    response = send_file(path, mimetype=kind.mimetype, conditional=True)
    return attached(response, row["filename"], viewer.display_name, kind)


def _own(job_id: UUID) -> db.Row:
    """The caller's file, in the role in which it was asked for; NotFound for any other."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = gateway.job(conn, job_id)
    if row is None or (row["role"], row["operator_id"]) != (viewer.role, viewer.operator_id):
        raise NotFound
    return row


def shown(row: db.Row) -> dict[str, Any]:
    """A file with the words for how it stands."""
    expired = row["state"] == "ready" and row["expires_at"] <= datetime.now(UTC)
    state = "expired" if expired else row["state"]
    word, tone = STATES[state]
    return {**row, "state": state, "word": word, "tone": tone}


# The check of a file.


@blueprint.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """The form, and what is known of the hash in the address."""
    text = request.args.get("hash", "")[:200]
    if not text:
        return _verified()
    _admitted()
    sha256 = checking.clean_hash(text)
    if sha256 is None:
        return _verified(text=text, error=gettext("A hash has 64 digits: 0 to 9 and a to f."))
    return _verified(checking.check_hash(sha256, shell.viewer()), text)


@blueprint.post("/verify")
@public
def check() -> ResponseReturnValue:
    """Check the file that somebody chose."""
    _admitted()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _verified(file_error=gettext("Choose the file to be checked."))
    try:
        return _verified(_checked(file), name=Path(file.filename).name[:200])
    except checking.Busy as problem:
        raise ServiceUnavailable(
            gettext("Other files are being checked. Try again in a moment."),
            retry_after=RETRY_SECONDS,
        ) from problem


def _admitted() -> None:
    if not turnstile.admits(request.remote_addr):
        raise TooManyRequests(retry_after=RETRY_SECONDS)


def _checked(file: FileStorage) -> Verdict:
    """Put the file where a process of its own can read it, and away again."""
    descriptor, name = tempfile.mkstemp(prefix="dozir-check-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            file.save(target)
        return checking.check_file(path, shell.viewer())
    finally:
        path.unlink(missing_ok=True)


def _verified(
    verdict: Verdict | None = None,
    text: str = "",
    error: str = "",
    file_error: str = "",
    name: str = "",
) -> ResponseReturnValue:
    summary = [("hash", error)] if error else [("file", file_error)] if file_error else []
    return render(
        "exports/verify.html",
        status=422 if summary else 200,
        verdict=verdict,
        text=text,
        error=error,
        file_error=file_error,
        file_name=name,
        summary=summary,
        largest_mib=LARGEST_FILE // 1024**2,
    )


def init_app(app: Flask) -> None:
    """Register the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(export_formats=FORMATS)
    navigation.register(
        app,
        NavItem(
            "exports.index",
            lazy_gettext("Exports"),
            "download",
            navigation.ROLES,
            MINE,
            80,
            within={"exports.jobs", "exports.job", "exports.one"},
        ),
    )
