"""The forms on which an operator's people declare a day and the GGR of a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import psycopg
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.declarations import gateway
from portal.declarations.gateway import NEWEST_VERSION, Day, Month
from portal.declarations.pages import BASES, DEFAULT_CURRENCY, TYPES, blueprint
from portal.declarations.sheets import Sheet
from portal.declarations.wire import decimal
from portal.identity.login import audience, current_viewer
from portal.registry.acts import read_version
from portal.registry.forms import Field
from portal.registry.names import Currency, Names, read_names
from portal.web import periods
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import ONE_DAY, month_before
from portal.web.rendering import render

TAKEN: dict[str, LazyString] = {
    "day": lazy_gettext(
        "This day was declared meanwhile, or otherwise. Open the present declaration to correct it."
    ),
    "month": lazy_gettext(
        "This month was declared meanwhile, or otherwise. Open the present declaration to"
        " correct it."
    ),
}
NOT_OVER = lazy_gettext("It is not over yet: only what has ended in Kyiv is declared.")
BEFORE = lazy_gettext("It lies before your first licence.")


@blueprint.get("/new-day")
@audience("operator", permission="declaration.submit")
def new_day() -> ResponseReturnValue:
    """The form for a day: empty, or with what is declared of it, to be corrected."""
    with current_viewer().reading() as conn:
        names = read_names(conn)
        currency = _currency(request.args, names)
        day = _asked_day()
        known = _present_day(conn, day, currency)
    typed = _typed_day(known, currency) if known else {"day": day.isoformat()}
    return _day_page(Sheet(typed | {"currency": currency.code}), names, known)


@blueprint.post("/new-day")
@audience("operator", permission="declaration.submit")
def declare_day() -> ResponseReturnValue:
    """Declare or correct a day."""
    sheet = Sheet(request.form)
    version = min(read_version(request.form), NEWEST_VERSION + 1)
    with current_viewer().reading() as conn:
        names = read_names(conn)
    currency = names.currency(request.form.get("currency", ""))
    if currency is None:
        sheet.errors["currency"] = lazy_gettext("There is no such currency.")
        currency = _currency({}, names)
    digits = currency.digits
    day = sheet.day("day")
    made = Day(
        day or date.min,
        currency.id,
        version,
        tuple(sheet.number(f"{name}-count") for _, name in TYPES.values()),
        tuple(sheet.total(f"{name}-amount", digits) for _, name in TYPES.values()),
        sheet.total("opening", digits),
        sheet.total("closing", digits),
        sheet.total("open-bets", digits),
        sheet.text("reason", required=version > 1) or None,
    )
    if not sheet.errors:
        _declare(sheet, "day", lambda conn: gateway.declare_day(conn, made))
    if sheet.errors:
        with current_viewer().reading() as conn:
            known = _present_day(conn, day, currency) if day else None
        return _day_page(sheet, names, known, version)
    own = None if currency.code == DEFAULT_CURRENCY else currency.code
    return redirect(url_for("declarations.day", day=made.day.isoformat(), currency=own), 303)


@blueprint.get("/new-month")
@audience("operator", permission="declaration.submit")
def new_month() -> ResponseReturnValue:
    """The form for a month and a kind of gambling: empty, or with what is declared of it."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        currency = _currency(request.args, names)
        month = _asked_month()
        kind = names.gambling_type(request.args.get("type", ""))
        known = _present_month(conn, month, currency, kind.id if kind else None)
        types = gateway.licensed_types(conn, viewer.operator_id or 0)
    typed = {
        "month": f"{month:%Y-%m}",
        "currency": currency.code,
        "type": kind.code if kind else "",
    }
    if known:
        typed |= {"basis": known["basis"], "ggr": decimal(known["ggr_minor"], currency.digits)}
    return _month_page(Sheet(typed), names, types, known)


@blueprint.post("/new-month")
@audience("operator", permission="declaration.submit")
def declare_month() -> ResponseReturnValue:
    """Declare or correct the GGR of a month and a kind of gambling."""
    viewer = current_viewer()
    sheet = Sheet(request.form)
    version = min(read_version(request.form), NEWEST_VERSION + 1)
    with viewer.reading() as conn:
        names = read_names(conn)
        types = gateway.licensed_types(conn, viewer.operator_id or 0)
    currency = names.currency(request.form.get("currency", ""))
    if currency is None:
        sheet.errors["currency"] = lazy_gettext("There is no such currency.")
        currency = _currency({}, names)
    month = _typed_month(sheet)
    kind = names.gambling_type(request.form.get("type", ""))
    if kind is None or kind.id not in types:
        sheet.errors["type"] = lazy_gettext("Choose from the list.")
    basis = request.form.get("basis", "")
    if basis not in BASES:
        sheet.errors["basis"] = lazy_gettext("Choose from the list.")
    made = Month(
        month or date.min,
        currency.id,
        kind.id if kind else 0,
        version,
        basis,
        sheet.total("ggr", currency.digits),
        sheet.text("reason", required=version > 1) or None,
    )
    if not sheet.errors:
        _declare(sheet, "month", lambda conn: gateway.declare_month(conn, made))
    if sheet.errors:
        with viewer.reading() as conn:
            known = (
                _present_month(conn, month, currency, kind.id if kind else None) if month else None
            )
        return _month_page(sheet, names, types, known, version)
    own = None if currency.code == DEFAULT_CURRENCY else currency.code
    day = made.month.isoformat()
    asked: dict[str, Any] = {"from": day, "to": day, "currency": own}
    return redirect(url_for("declarations.months", **asked), 303)


def _declare(sheet: Sheet, period: str, work: Callable[[db.Connection], bool]) -> None:
    """Store what was typed; what the database refuses is said at its field."""
    try:
        with current_viewer().reading() as conn:
            new = work(conn)
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZD01":
                sheet.errors[period] = NOT_OVER
            case "DZD02":
                sheet.errors[period] = BEFORE
            case "DZD03" | "DZD04":
                sheet.errors[period] = TAKEN[period]
            case "DZD05":
                sheet.errors["reason"] = lazy_gettext("Say why.")
            case "DZD07":
                sheet.errors[period] = lazy_gettext(
                    "It was corrected too often. Write to the regulator."
                )
            case "DZR02" | "DZR01":
                abort(403)
            case _:
                raise
        return
    flash(
        gettext("The declaration is entered.") if new else gettext("It is declared so already."),
        "success",
    )


def _day_page(
    sheet: Sheet, names: Names, known: db.Row | None, version: int | None = None
) -> ResponseReturnValue:
    version = version if version is not None else _next(known)
    currency = Field(
        "currency",
        gettext("Currency"),
        "select",
        required=True,
        options=tuple(names.currency_choices()),
    )
    head = [
        Field(
            "day",
            gettext("Day"),
            "date",
            hint=gettext("A day of Kyiv that is over."),
            required=True,
        ),
        currency,
    ]
    foot = [
        Field(
            "opening",
            gettext("Players' balance as the day began"),
            "short",
            hint=gettext("What players had on their accounts with you."),
            required=True,
        ),
        Field("closing", gettext("Players' balance as the day ended"), "short", required=True),
        Field(
            "open-bets",
            gettext("Open bets as the day ended"),
            "short",
            hint=gettext("Stakes of bets that had no result yet."),
            required=True,
        ),
        *_reason(version),
    ]
    totals = {
        number: sheet.filled(
            [
                Field(f"{name}-count", gettext("%(type)s, number", type=label), "short",
                      required=True),
                Field(f"{name}-amount", gettext("%(type)s, sum", type=label), "short",
                      required=True),
            ]
        )
        for number, (label, name) in TYPES.items()
    }  # fmt: skip
    return render(
        "declarations/new_day.html",
        status=_status(sheet),
        sheet=sheet,
        head=sheet.filled(head),
        totals=totals,
        types=TYPES,
        foot=sheet.filled(foot),
        version=version,
        known=known,
        correct=_offered(sheet, "day", known),
    )


def _month_page(
    sheet: Sheet, names: Names, types: set[int], known: db.Row | None, version: int | None = None
) -> ResponseReturnValue:
    version = version if version is not None else _next(known)
    fields = [
        Field(
            "month",
            gettext("Month"),
            "short",
            hint=gettext("Year and month in digits: 2026-10. It is over in Kyiv."),
            required=True,
        ),
        Field(
            "type",
            gettext("Kind of gambling"),
            "select",
            required=True,
            options=tuple(
                (one.code, one.name) for one in names.gambling_types.values() if one.id in types
            ),
        ),
        Field(
            "currency",
            gettext("Currency"),
            "select",
            required=True,
            options=tuple(names.currency_choices()),
        ),
        Field(
            "basis",
            gettext("Basis"),
            "select",
            hint=gettext("How your books count a stake of one month whose result is of the next."),
            required=True,
            options=tuple(BASES.items()),
        ),
        Field("ggr", gettext("Declared GGR"), "short", required=True),
        *_reason(version),
    ]
    return render(
        "declarations/new_month.html",
        status=_status(sheet),
        sheet=sheet,
        fields=sheet.filled(fields),
        version=version,
        known=known,
        correct=_offered(sheet, "month", known),
    )


def _reason(version: int) -> list[Field]:
    if version <= 1:
        return []
    return [
        Field(
            "reason",
            gettext("Reason for the correction"),
            "area",
            hint=gettext("Officials read it; what was declared before stays beside it."),
            required=True,
        )
    ]


def _status(sheet: Sheet) -> int:
    if any(error in TAKEN.values() for error in sheet.errors.values()):
        return 409
    return 422 if sheet.errors else 200


def _offered(sheet: Sheet, period: str, known: db.Row | None) -> str | None:
    """Where what stands there already is corrected, when it stood in the way."""
    if known is None or sheet.errors.get(period) is not TAKEN[period]:
        return None
    asked: dict[str, Any] = {period: sheet.form.get(period), "currency": sheet.form.get("currency")}
    if period == "month":
        asked["type"] = sheet.form.get("type")
    return url_for(f"declarations.new_{period}", **asked)


def _next(known: db.Row | None) -> int:
    return min(known["version"] + 1, NEWEST_VERSION) if known else 1


def _currency(query: Mapping[str, str], names: Names) -> Currency:
    found = names.currency(query.get("currency") or DEFAULT_CURRENCY)
    found = found or names.currency(DEFAULT_CURRENCY)
    if found is None:
        abort(404)
    return found


def _asked_day() -> date:
    """The day in the address; yesterday where it names none."""
    try:
        found = periods.read_day(request.args, "day")
    except periods.PeriodError:
        found = None
    return found or periods.today() - ONE_DAY


def _asked_month() -> date:
    """The month in the address; the last one that is over where it names none."""
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return month_before(periods.today())


def _typed_month(sheet: Sheet) -> date | None:
    given = sheet.form.get("month", "").strip()
    try:
        made = date.fromisoformat(f"{given}-01")
        if len(given) != len("2026-10") or not 2000 <= made.year <= 2199:
            raise ValueError("no such month")
    except ValueError:
        sheet.errors["month"] = lazy_gettext("Give the year and the month: 2026-10.")
        return None
    return made


def _present_day(conn: db.Connection, day: date, currency: Currency) -> db.Row | None:
    own = current_viewer().operator_id or 0
    rows = gateway.days(conn, day, day, own, currency.id)
    return rows[-1] if rows else None


def _present_month(
    conn: db.Connection, month: date, currency: Currency, kind: int | None
) -> db.Row | None:
    own = current_viewer().operator_id or 0
    rows = gateway.months(conn, month, month, own, currency.id)
    rows = [row for row in rows if row["gambling_type_id"] == kind]
    return rows[-1] if rows else None


def _typed_day(row: db.Row, currency: Currency) -> dict[str, str]:
    """What is declared, as it stands in the fields."""
    made = {
        "day": row["day"].isoformat(),
        "opening": decimal(row["opening_balance_minor"], currency.digits),
        "closing": decimal(row["closing_balance_minor"], currency.digits),
        "open-bets": decimal(row["open_bets_minor"], currency.digits),
    }
    for _, name in TYPES.values():
        made[f"{name}-count"] = str(row[f"{name}_count"])
        made[f"{name}-amount"] = decimal(row[f"{name}_minor"], currency.digits)
    return made
