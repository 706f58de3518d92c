"""Pages of paid taxes: the list, one payment, the form for one, and a table of many."""

from __future__ import annotations

import csv
import io
from typing import Any

import psycopg
from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry import desk
from portal.registry.acts import Act
from portal.registry.forms import Field
from portal.registry.names import read_names
from portal.registry.pages_bulk import sent_sheet
from portal.registry.sheets import LARGEST_BYTES
from portal.taxes import gateway, payments_asking, payments_reading, words
from portal.taxes.pages import LARGEST, OFFICIALS, blueprint
from portal.taxes.payments_reading import FIELDS, MOST, Fault, Payments
from portal.web.i18n import LazyString, gettext, language, lazy_gettext, ngettext
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render

READERS = ("tax_service", "regulator", "auditor", "operator")
SHOWN = 50
FILE = "payments"
RECORD = "tax_payment.record"


@blueprint.url_value_preprocessor
def bound(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A table is larger than other forms; one that is a little too large is told at its field."""
    if endpoint == "taxes.record_table":
        request.max_content_length = 2 * LARGEST_BYTES


@blueprint.get("/payments")
@audience(*READERS)
def payments() -> ResponseReturnValue:
    """Recorded payments, the last first, with what they add up to; as page or as a file."""
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("taxes.payments")
        except exports.NotExportable as problem:
            wrong = problem.errors
    viewer = current_viewer()
    before = read_cursor(request.args, int)
    with viewer.reading() as conn:
        names = read_names(conn)
        asked = payments_asking.read(request.args, names)
        asked.errors.update(wrong)
        rows: list[db.Row] = []
        total: db.Row = {"number": 0, "amount_minor": 0}
        if not asked.errors:
            rows = gateway.payments(conn, asked.chosen, before=before, limit=SHOWN + 1)
            total = gateway.payments_total(conn, asked.chosen)
        people = desk.People(conn, (row["recorded_by"] for row in rows))
        payers = gateway.payers(conn)
    return render(
        "taxes/payments.html",
        "list",
        status=422 if asked.errors else 200,
        asked=asked,
        listing=listing(rows, SHOWN, "id", before is not None),
        total=total,
        payers=payers,
        people=people,
        names=names,
        words=words,
        states=payments_asking.STATES,
        chips=asked.chips(),
        summary=[(f"filter-{name}", text) for name, text in asked.errors.items()],
        may_record=viewer.role in OFFICIALS,
        alone=viewer.role == "operator",
    )


@blueprint.get("/payments/<int:number>")
@audience(*READERS)
def payment(number: int) -> ResponseReturnValue:
    """One payment: what was recorded, by whom, and whether it was taken back."""
    return _payment(number, Act({}))


@blueprint.post("/payments/<int:number>/take-back")
@audience(*OFFICIALS, permission=RECORD)
def take_back_payment(number: int) -> ResponseReturnValue:
    """Take back a payment that was recorded by mistake."""
    act = Act(request.form)
    reason = act.text("reason")
    if act.errors:
        return _payment(number, act)
    try:
        with current_viewer().reading() as conn:
            gateway.take_back_payment(conn, _possible(number), reason)
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZR01":
                abort(404)
            case "DZR02":
                abort(403)
            case "DZW01":
                return _payment(number, act, status=409)
        raise
    flash(gettext("The payment is taken back: it stays here, and counts no more."), "success")
    return redirect(url_for("taxes.payment", number=number), 303)


def _payment(number: int, act: Act, status: int = 200) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = gateway.payment(conn, _possible(number))
        payer = gateway.payers(conn)[found["operator_id"]]
        people = desk.People(conn, [found["recorded_by"], found["taken_back_by"]])
    hint = gettext("It stays with the payment.")
    reason = Field("reason", gettext("Reason"), "area", hint=hint, required=True)
    return render(
        "taxes/payment.html",
        status=422 if act.errors else status,
        payment=found,
        payer=payer,
        people=people,
        words=words,
        act=act,
        overtaken=status == 409,
        may_take_back=viewer.role in OFFICIALS and not found["taken_back_at"],
        field=act.filled([reason])[0],
    )


@blueprint.get("/payments/new")
@audience(*OFFICIALS, permission=RECORD)
def new_payment() -> ResponseReturnValue:
    """The form for one payment."""
    return _form(Act({}))


@blueprint.post("/payments/new")
@audience(*OFFICIALS, permission=RECORD)
def record_payment() -> ResponseReturnValue:
    """Record one payment."""
    act = Act(request.form)
    row = payments_reading.typed(act)
    if act.errors:
        return _form(act)
    made, faults = _record([row], [1])
    act.errors.update({name: told for _, name, told in faults})
    if not made:
        return _form(act)
    flash(gettext("The payment is recorded."), "success")
    return redirect(url_for("taxes.payment", number=made[0]), 303)


def _form(act: Act) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        payers = gateway.payers(conn).values()
    name = f"name_{language()}"
    codes = tuple(sorted((one["taxpayer_code"], one[name]) for one in payers))
    hints: dict[str, LazyString] = {
        "month": lazy_gettext("As 2026-10."),
        "document": lazy_gettext("As it stands on the payment document."),
    }
    widgets = {"taxpayer": "code", "kind": "select", "paid_on": "date"}
    options: dict[str, tuple[tuple[str, Any], ...]] = {
        "taxpayer": codes,
        "kind": tuple(words.PAID.items()),
    }
    fields = [
        Field(
            one,
            label,
            widgets.get(one, "text"),
            hint=hints.get(one, ""),
            required=True,
            options=options.get(one, ()),
        )
        for one, label in FIELDS.items()
    ]
    return render(
        "taxes/new_payment.html",
        status=422 if act.errors else 200,
        act=act,
        fields=act.filled(fields),
    )


@blueprint.get("/payments/table")
@audience(*OFFICIALS, permission=RECORD)
def payments_table() -> ResponseReturnValue:
    """The place for a table of many payments."""
    return _table("", Payments())


@blueprint.get("/payments/table.csv")
@audience(*OFFICIALS, permission=RECORD)
def payments_template() -> ResponseReturnValue:
    """A table to fill in."""
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(payments_reading.example())
    response = Response(
        written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="tax-payments.csv"'
    return response


@blueprint.post("/payments/table")
@audience(*OFFICIALS, permission=RECORD)
def record_table() -> ResponseReturnValue:
    """Record all payments of a table, or none where anything is wrong with one."""
    _, sheet, problem = sent_sheet(FILE)
    if not problem and len(sheet.rows) > MOST:
        problem = gettext("At most %(number)s payments at once: split the table.", number=MOST)
    found = Payments() if problem else payments_reading.from_sheet(sheet)
    if found.missing:
        columns = ", ".join(found.missing)
        problem = gettext("The table lacks columns: %(columns)s.", columns=columns)
    if problem or found.faults:
        return _table(problem, found)
    made, found.faults = _record(found.rows, found.numbers)
    if found.faults:
        return _table("", found)
    flash(ngettext("%(num)s payment is recorded.", "%(num)s payments are recorded.", len(made)))
    return redirect(url_for("taxes.payments"), 303)


def _table(problem: str, found: Payments) -> ResponseReturnValue:
    if found.faults and not problem:
        problem = gettext("Nothing was recorded: mend the rows below and send the table again.")
    return render(
        "taxes/payments_table.html",
        status=422 if problem else 200,
        problem=problem,
        faults=found.faults[:SHOWN],
        more=len(found.faults) - SHOWN,
        fields=FIELDS,
        file_name=FILE,
        most=MOST,
    )


def _record(rows: list[dict[str, Any]], numbers: list[int]) -> tuple[list[int], list[Fault]]:
    """The numbers of what is recorded, or what is wrong with it."""
    try:
        with current_viewer().reading() as conn:
            return gateway.record_payments(conn, rows), []
    except psycopg.Error as problem:
        if problem.sqlstate == "DZR02":
            abort(403)
        if problem.sqlstate != "DZR03":
            raise
        return [], payments_reading.told(gateway.faults(problem), numbers)


def _possible(number: int) -> int:
    if not 0 < number <= LARGEST:
        raise NotFound
    return number
