"""A page's table as a file: at once where it is short, otherwise the person is led to a job.

Before the first byte leaves, the export is on record and in the log, in one transaction; then the
file is sent from the disk. So what cannot be recorded is not given out.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Response, request, url_for
from werkzeug.wsgi import FileWrapper

from portal.exports import gateway, storage
from portal.exports.certificate import Taker
from portal.exports.formats import FORMATS, Format
from portal.exports.rendering import Bounds, TooLong, Written, render
from portal.exports.sources import OF_THE_PAGE, NotExportable, Source, source
from portal.exports.table import Table
from portal.identity.login import Viewer, current_viewer
from portal.web.i18n import LazyString, language, lazy_gettext
from portal.web.rendering import render as render_page
from portal.web.request_id import request_id
from portal.web.urls import here

# Rows of a file that is made while the person waits: a second or two.
AT_ONCE_ROWS = 5_000
# Rows of any file: what a sheet of Excel holds, less its headings, in round figures.
LONGEST = 1_000_000
PART_BYTES = 64 * 1024
UNKNOWN_FORMAT = lazy_gettext("The table is given as XLSX, CSV, JSON, Parquet or for print.")
TOO_MANY: dict[str, LazyString] = {
    "DZX01": lazy_gettext("Three of your files are being made already. Wait until one is ready."),
    "DZX03": lazy_gettext("Twenty of your files are kept already. Remove one that you have taken."),
}


def wanted() -> str:
    """The kind of file that the address asks for; '' for the page itself."""
    return request.args.get("format", "")


def answer(endpoint: str) -> Response:
    """The table of a page as the file that the address asks for.

    Raises NotExportable where the address makes no sense, the kind of file included: the page then
    shows what is wrong.
    """
    own = source(endpoint)
    if own is None:
        raise LookupError(f"{endpoint} has no export")
    form = wanted()
    if form not in FORMATS:
        raise NotExportable({"format": UNKNOWN_FORMAT})
    try:
        return _at_once(own, form)
    except TooLong:
        return _as_job(own, form)


def taker(viewer: Viewer) -> Taker:
    """Who takes it, in the language of the request."""
    return Taker(viewer.display_name, viewer.role, viewer.organisation_name)


def _at_once(own: Source, form: str) -> Response:
    viewer = current_viewer()
    path = storage.fresh(form)
    try:
        with viewer.reading(snapshot=True) as conn:
            table = own.build(conn, viewer, request.view_args or {}, request.args)
            bind = render(
                table,
                form,
                taker(viewer),
                path,
                Bounds(AT_ONCE_ROWS, url_for("exports.verify", _external=True)),
            )
        written = bind()
        record(viewer, table, form, written, request_id())
        return _sent(path, form, filename(table, form), viewer.display_name)
    finally:
        # Opened by now, or of no use: the bytes go on until they are sent.
        path.unlink(missing_ok=True)


def _sent(path: Path, form: str, name: str, person: str) -> Response:
    file = path.open("rb")
    # Closed with the answer, also where none of its bytes is asked for (HEAD).
    response = Response(FileWrapper(file, PART_BYTES), mimetype=FORMATS[form].mimetype)
    response.content_length = os.fstat(file.fileno()).st_size
    return attached(response, name, person, FORMATS[form])


def _as_job(own: Source, form: str) -> Response:
    """Too long to wait for: the person is asked whether it shall be made. By a form, as a link that
    somebody else wrote must not set anything to work.
    """
    query = [
        (name, value)
        for name, values in request.args.lists()
        if name not in OF_THE_PAGE
        for value in values
    ]
    return render_page(
        "exports/ask.html",
        source=own,
        form=form,
        path=json.dumps(request.view_args or {}),
        query=urlencode(query),
        back=here(format=None),
        at_once=AT_ONCE_ROWS,
        longest=LONGEST,
    )


def record(viewer: Viewer, table: Table, form: str, written: Written, asked_by: str) -> int:
    """Put an export on record, in a transaction of its own; its number."""
    with viewer.reading() as conn:
        return gateway.record_export(
            conn,
            name=table.name,
            title=str(table.title),
            language=language(),
            parameters=table.parameters,
            lines=written.lines,
            as_of=table.as_of,
            row_count=written.row_count,
            sha256=written.sha256,
            form=form,
            request_id=asked_by,
        )


def filename(table: Table, form: str) -> str:
    """What it shows, what narrows it and of when (UTC), in letters that every system can store."""
    parts = [re.sub(r"[^A-Za-z0-9-]+", "-", str(one)) for one in (table.name, *table.file_parts)]
    return "_".join([*parts, f"as-of-{table.as_of.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"]) + f".{form}"


def attached(response: Response, name: str, author: str, kind: Format) -> Response:
    """The answer as a file of that name in letters that every system can store; whoever knows
    letters of all languages also stores who took it. What is for print is shown, not stored.
    """
    stem, _, ending = name.rpartition(".")
    person = re.sub(r"[^\w-]+", "-", author).strip("-")
    whole = quote(f"{stem}_{person}.{ending}", safe="")
    way = "inline" if kind.policy else "attachment"
    response.headers["Content-Disposition"] = (
        f"{way}; filename=\"{name}\"; filename*=UTF-8''{whole}"
    )
    if kind.policy:
        response.headers["Content-Security-Policy"] = kind.policy
    return response
