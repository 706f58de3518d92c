"""Many records at once, from a table: a dry run that tells every problem by row, then one decision.

A table becomes one change with a row for each record. Rows are checked by portions while the page
shows how far it is; without JavaScript the button checks them all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.exports.formats.csv_file import safe_text
from portal.identity import step_up
from portal.identity.login import Viewer, audience, current_viewer
from portal.registry import bulk, bulk_templates, forms, gateway
from portal.registry.acts import read_version
from portal.registry.catalogue import (
    Catalogue,
    Kind,
    document_references,
    read_catalogue,
    read_titles,
)
from portal.registry.deeds import deed, signed_facts
from portal.registry.drafts import Draft, may_propose, moved_on, read_draft
from portal.registry.drafts_shown import OWNER, REASON, final_step
from portal.registry.forms import Error, Field
from portal.registry.names import read_names
from portal.registry.pages import KINDS, PROPOSED, blueprint
from portal.registry.sheet_reading import Busy, Sheet, read_sheet
from portal.registry.sheets import LARGEST_BYTES
from portal.web.htmx import fragment_wanted
from portal.web.i18n import LazyString, gettext, lazy_gettext, ngettext
from portal.web.rendering import render
from portal.web.urls import LONGEST_ID, page_address

PROPOSERS = ("operator", "regulator", "registrar")
KIND, FILE = "rows-kind", "rows-file"
PORTION = 500
SHOWN = 100
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Why a file is not read. What is in brackets names the places.
PROBLEMS: dict[str, LazyString] = {
    "too_large": lazy_gettext(
        "The file is larger than 8 MiB, or unpacks to more than can be read. Split it into several."
    ),
    "too_many_rows": lazy_gettext("The file has more than 5,000 rows. Split it into several."),
    "too_many_columns": lazy_gettext(
        "The file has more than 100 columns. Take the template and fill in its columns."
    ),
    "too_long": lazy_gettext("A cell is longer than 10,000 characters."),
    "empty": lazy_gettext("The file has no row below its headings."),
    "extra_cells": lazy_gettext(
        "Rows have more cells than there are headings. In CSV, text with the separator in it stands"
        " in double quotes."
    ),
    "delimiter": lazy_gettext(
        "The columns are separated by a sign that is not known. Separate them by a semicolon, a"
        " comma or a tab."
    ),
    "broken_csv": lazy_gettext(
        "The CSV file breaks off or has a quotation mark that is not closed."
    ),
    "broken_xlsx": lazy_gettext(
        "The XLSX file is damaged. Open it in a spreadsheet program and save it anew."
    ),
    "encoding": lazy_gettext(
        "The text is in an encoding that is not known. Save the file as “CSV UTF-8” or as XLSX."
    ),
    "no_table": lazy_gettext("This is neither CSV nor XLSX. Save the table as one of them."),
    "old_or_locked": lazy_gettext(
        "This is a file of old Excel (.xls), or one that a password protects. Save it as XLSX"
        " without a password."
    ),
    "macros": lazy_gettext("The file has macros (.xlsm). Save it as XLSX, which has none."),
    "merged": lazy_gettext("The sheet has merged cells. Unmerge them: each cell is one value."),
    "formula": lazy_gettext("Cells hold formulas or errors. Copy them and paste them as values."),
    "long_number": lazy_gettext(
        "Cells hold numbers so long that the spreadsheet has lost their last digits. Make the"
        " column text and type them anew."
    ),
}


@blueprint.url_value_preprocessor
def bound(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A table is larger than other forms; one that is a little too large is told at its field."""
    if endpoint == "registry.send_rows":
        request.max_content_length = 2 * LARGEST_BYTES


@blueprint.get("/bulk")
@audience(*PROPOSERS, permission="registry.propose")
def bulk_form() -> ResponseReturnValue:
    """Templates, and the place for a filled-in table."""
    with current_viewer().reading() as conn:
        return _form(conn, [])


@blueprint.get(f"/bulk/template/<any(csv,xlsx):form>/{PROPOSED}")
@audience(*PROPOSERS, permission="registry.propose")
def bulk_template(form: str, kind: str) -> ResponseReturnValue:
    """A table to fill in."""
    with current_viewer().reading() as conn:
        catalogue = read_catalogue(conn)
        if kind not in {one.kind for one in _kinds(current_viewer(), catalogue)}:
            raise NotFound
        catalogue = read_catalogue(conn, kind)
    data = bulk_templates.template(catalogue, catalogue.kind(kind), form)
    return _file(data, form, f"{kind}-template.{form}")


@blueprint.post("/bulk")
@audience(*PROPOSERS, permission="registry.propose")
def send_rows() -> ResponseReturnValue:
    """Read a table; what can be read becomes a draft, and nothing else is kept."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn)
        kind = next(
            (one for one in _kinds(viewer, catalogue) if one.kind == request.form.get(KIND)), None
        )
        owner, wrong = _owner(conn, viewer)
    if kind is None:
        wrong.insert(0, Error(KIND, gettext("Choose what the table holds.")))
    name, sheet, unread = _sheet()
    wrong += unread
    with viewer.reading() as conn:
        if wrong or kind is None:
            return _form(conn, wrong)
        catalogue = read_catalogue(conn, kind.kind)
        kind = catalogue.kind(kind.kind)
        headings = bulk.read_headings(kind, sheet.headings)
        if headings.wrong:
            return _form(conn, [Error(FILE, words) for words in _headings_in_words(headings)])
        rows = [
            (
                number,
                {one.name: text for one, text in zip(headings.columns, cells, strict=False) if one},
            )
            for number, cells in sheet.rows
        ]
        begun = gateway.begin_rows(
            conn,
            kind=kind.kind,
            operator_id=owner,
            file=name,
            rows=bulk.proposals_of(conn, catalogue, kind, owner, rows),
        )
    flash(
        gettext(
            "Read: %(rows)s, “%(how)s”. Nothing is submitted yet.",
            rows=ngettext("%(num)s row", "%(num)s rows", len(rows)),
            how=sheet.read_as,
        ),
        "info",
    )
    return redirect(url_for("registry.bulk_rows", change_id=begun["id"]), 303)


@blueprint.get("/bulk/<int:change_id>")
@audience(*PROPOSERS, permission="registry.propose")
def bulk_rows(change_id: int) -> ResponseReturnValue:
    """The dry run: how far it is, every problem by its row, and what would be registered."""
    with current_viewer().reading() as conn:
        return _rows_page(conn, _draft(conn, change_id))


@blueprint.post("/bulk/<int:change_id>/check")
@audience(*PROPOSERS, permission="registry.propose")
def check_bulk_rows(change_id: int) -> ResponseReturnValue:
    """Check the next rows, all of them where the page cannot ask again by itself."""
    viewer = current_viewer()
    with moved_on(), viewer.reading() as conn:
        draft = _draft(conn, change_id)
        gateway.check_rows(conn, change_id, PORTION if fragment_wanted() else bulk.MOST_ROWS)
        if fragment_wanted():
            return _rows_page(conn, draft)
    return redirect(url_for("registry.bulk_rows", change_id=change_id), 303)


@blueprint.get("/bulk/<int:change_id>/problems.csv")
@audience(*PROPOSERS, permission="registry.propose")
def bulk_problems(change_id: int) -> ResponseReturnValue:
    """Every problem as a table, to be mended beside the file."""
    with current_viewer().reading() as conn:
        draft = _draft(conn, change_id)
        rows = gateway.rows(conn, change_id, after=0, limit=bulk.MOST_ROWS, wrong=True)
        told = _problems(draft, rows)
    written = io.StringIO()
    table = csv.writer(written, delimiter=";")
    table.writerow([gettext("Row"), gettext("Column"), gettext("In the file"), gettext("Problem")])
    table.writerows(
        [str(one["row"]), *(safe_text(one[name]) for name in ("column", "value", "words"))]
        for one in told
    )
    return _file(written.getvalue().encode("utf-8-sig"), "csv", f"problems-{change_id}.csv")


@blueprint.post("/bulk/<int:change_id>/submit")
@audience(*PROPOSERS, permission="registry.propose")
def submit_bulk_rows(change_id: int) -> ResponseReturnValue:
    """Submit all rows, or enter them where an official does."""
    viewer = current_viewer()
    reason = request.form.get(REASON, "").replace("\0", "").strip()
    with viewer.reading() as conn:
        draft = _draft(conn, change_id)
        action = final_step(viewer, draft)
        if action == "enter" and not reason:
            wrong = [Error(REASON, gettext("Say on what grounds it is entered."))]
            return _rows_page(conn, draft, wrong)
    version = read_version(request.form, "draft-version")
    if action == "enter" and not draft.errors and version == draft.version:
        # What is proposed holds the hash of all rows.
        what = deed(draft.kind.kind, draft.action)
        about = str(draft.proposed.get("file", ""))
        facts = signed_facts(
            change_id, what, about, draft.version, proposed=draft.proposed, reason=reason
        )
        if (page := step_up.ask("change_enter", facts)) is not None:
            return page
    try:
        with moved_on(), viewer.reading() as conn:
            done = gateway.step(conn, change_id, action, reason=reason or None, version=version)
            if action == "enter":
                step_up.keep(conn, "change", change_id, done["operator_id"])
    except psycopg.Error as problem:
        if problem.sqlstate != "DZR03":
            raise
        with viewer.reading() as conn:
            wrong = _step_errors(draft, problem)
            return _rows_page(conn, _draft(conn, change_id), wrong)
    if action == "submit":
        flash(gettext("Submitted. You see here where it stands."), "success")
    else:
        flash(gettext("Entered: it is in force from the moment that it says."), "success")
    return redirect(url_for("registry.changes"), 303)


def _draft(conn: db.Connection, change_id: int) -> Draft:
    return read_draft(conn, change_id, many=True)


@blueprint.app_template_global()
def may_propose_many(viewer: Viewer, catalogue: Catalogue) -> bool:
    """Whether there is anything that the viewer may send a table of."""
    return bool(_kinds(viewer, catalogue))


def _kinds(viewer: Viewer, catalogue: Catalogue) -> list[Kind]:
    return [
        one
        for one in catalogue.kinds.values()
        if one.by_file and one.kind in KINDS and may_propose(viewer, one)
    ]


def _owner(conn: db.Connection, viewer: Viewer) -> tuple[int | None, list[Error]]:
    """Whose the records are to be; an official says it."""
    if viewer.role == "operator":
        return viewer.operator_id, []
    code = request.form.get(OWNER, "").strip()
    for one in read_names(conn).operators.values():
        if one.code == code:
            return one.id, []
    return None, [Error(OWNER, gettext("Give the code of a registered organiser."))]


def _sheet() -> tuple[str, Sheet, list[Error]]:
    """The file that was sent: its name, what was read, and why not."""
    name, sheet, problem = sent_sheet(FILE)
    return name, sheet, [Error(FILE, problem)] if problem else []


def sent_sheet(field: str) -> tuple[str, Sheet, str]:
    """The table that was sent in a field: its name, what was read, and why not in words."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return "", Sheet(), gettext("Choose a file.")
    name = sent.filename.replace("\0", "").replace("\\", "/").rsplit("/", 1)[-1][:200]
    with sent.stream as stream:
        data = stream.read(LARGEST_BYTES + 1)
    try:
        sheet = Sheet(problem="too_large") if len(data) > LARGEST_BYTES else read_sheet(data)
    except Busy:
        words = gettext("Other tables are being read at the moment. Send it again in a minute.")
        return name, Sheet(), words
    if sheet.problem:
        words = str(PROBLEMS.get(sheet.problem, PROBLEMS["no_table"]))
        if sheet.places:
            where = ", ".join(sheet.places)
            words = gettext("%(problem)s Where: %(places)s.", problem=words, places=where)
        return name, sheet, f"{name}: {words}"
    return name, sheet, ""


def _headings_in_words(headings: bulk.Headings) -> list[str]:
    said = []
    if headings.unknown:
        unknown = ", ".join(f"“{text}”" for text in headings.unknown)
        said.append(
            gettext(
                "The register has no such columns: %(columns)s. If all stand in one, the separator"
                " or the encoding is wrong.",
                columns=unknown,
            )
        )
    if headings.twice:
        said.append(gettext("Columns stand twice: %(columns)s.", columns=", ".join(headings.twice)))
    if headings.missing:
        missing = ", ".join(one.label for one in headings.missing)
        said.append(gettext("Columns are missing: %(columns)s.", columns=missing))
    return said


def _form(conn: db.Connection, wrong: list[Error]) -> Response:
    viewer = current_viewer()
    catalogue = read_catalogue(conn)
    words = {error.attribute: error.words for error in reversed(wrong)}
    kinds = _kinds(viewer, catalogue)
    if not kinds:
        raise NotFound
    fields = [
        Field(
            KIND,
            gettext("What the table holds"),
            "select",
            request.form.get(KIND, request.args.get("kind", "")),
            required=True,
            options=tuple((one.kind, one.plural) for one in kinds),
            error=words.get(KIND),
        )
    ]
    if viewer.role != "operator":
        names = read_names(conn).operators.values()
        fields.append(
            Field(
                OWNER,
                gettext("Organiser"),
                "code",
                request.form.get(OWNER, ""),
                gettext("The code of a record; begin to type."),
                required=True,
                options=tuple((one.code, one.name) for one in names),
                error=words.get(OWNER),
            )
        )
    return render(
        "registry/bulk.html",
        status=422 if wrong else 200,
        fields=fields,
        file_errors=[error.words for error in wrong if error.attribute == FILE],
        file_name=FILE,
        kinds=kinds,
        summary=[(f"field-{error.attribute}", error.words) for error in wrong],
    )


def _rows_page(conn: db.Connection, draft: Draft, wrong: list[Error] | None = None) -> Response:
    viewer = current_viewer()
    change_id = draft.id or 0
    state = gateway.rows_state(conn, change_id)
    after = read_after(request.args)
    finished = not state["unchecked"]
    rows = gateway.rows(
        conn, change_id, after=after, limit=SHOWN + 1, wrong=bool(finished and state["wrong"])
    )
    more = len(rows) > SHOWN
    rows = rows[:SHOWN]
    final = final_step(viewer, draft)
    reason = Field(
        REASON,
        gettext("Grounds"),
        "area",
        request.form.get(REASON, ""),
        gettext("The letter, decision or order on which it is entered."),
        required=True,
        error=next((one.words for one in wrong or [] if one.attribute == REASON), None),
    )
    return render(
        "registry/bulk_rows.html",
        "progress",
        status=422 if wrong else 200,
        draft=draft,
        file=draft.proposed.get("file", ""),
        state=state,
        finished=finished,
        checked=state["rows"] - state["unchecked"],
        problems=_problems(draft, rows) if finished and state["wrong"] else [],
        records=shown_rows(conn, draft.catalogue, draft.kind, rows),
        after=after,
        next_after=rows[-1]["row_number"] if more else None,
        final=final,
        reason=reason if final == "enter" else None,
        summary=[
            (f"field-{one.attribute}" if one.attribute == REASON else "main", one.words)
            for one in wrong or []
        ],
        title=f"{deed(draft.kind.kind, draft.action)}: {draft.kind.plural}",
    )


def _step_errors(draft: Draft, problem: psycopg.Error) -> list[Error]:
    found = forms.errors_in_words(draft.kind, gateway.facts(problem))
    return [
        Error(
            None,
            gettext("Row %(row)s: %(words)s", row=one.row, words=one.words)
            if one.row
            else one.words,
        )
        for one in found[:SHOWN]
    ]


def _problems(draft: Draft, rows: Iterable[db.Row]) -> list[dict[str, Any]]:
    """What is wrong, a line for each problem: row, column, what stands there, words."""
    told = []
    for row in rows:
        for error in forms.errors_in_words(draft.kind, row["errors"]):
            attribute = draft.kind.attribute(error.attribute or "")
            value = row["proposed"].get(error.attribute)
            told.append(
                {
                    "row": row["row_number"],
                    "column": attribute.label if attribute else error.attribute or "",
                    "value": forms.shown(attribute, value, {}) if attribute else str(value or ""),
                    "words": error.words,
                }
            )
    return told


def read_after(query: Mapping[str, str]) -> int:
    """The row after which a page of rows begins."""
    text = query.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else 0


def shown_rows(
    conn: db.Connection, catalogue: Catalogue, kind: Kind, rows: list[db.Row]
) -> dict[str, Any]:
    """Rows as a table: attributes that any of them has, and each row's values in words."""
    attributes = [
        one for one in bulk.attributes_of(kind) if any(one.name in row["proposed"] for row in rows)
    ]
    sound = [row for row in rows if row["errors"] == []]
    titles = read_titles(
        conn, [one for row in sound for one in document_references(kind, row["proposed"])]
    )
    return {
        "attributes": attributes,
        "rows": [
            {
                "number": row["row_number"],
                "address": page_address(
                    "registry.record", kind=kind.kind, record_id=row["record_id"]
                )
                if row["record_id"]
                else None,
                "cells": [
                    catalogue.text(one, row["proposed"].get(one.name), titles) for one in attributes
                ],
            }
            for row in sound
        ],
    }


def _file(data: bytes, form: str, name: str) -> Response:
    response = Response(data, content_type=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
