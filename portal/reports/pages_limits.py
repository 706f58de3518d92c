"""Limits of cash flow: set by one official, compared with the act by another."""

from __future__ import annotations

import psycopg
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry.acts import Act
from portal.registry.desk import People
from portal.registry.forms import Field
from portal.registry.pages import LARGEST_ID
from portal.registry.pages_queue import actor_of
from portal.reports import limits
from portal.web import figures
from portal.web.i18n import gettext, lazy_gettext
from portal.web.rendering import render

READERS = ("regulator", "tax_service", "auditor", "financial_monitoring", "operator")
LONGEST_SOURCE = 500
LARGEST = {True: 10**12, False: 10**8}  # kopiykas, millionths
IN_PERCENT = limits.PPM // 100


def register(blueprint: Blueprint) -> None:
    """Give a blueprint these pages."""
    blueprint.add_url_rule("/reports/limits", "limits", limits_page)
    blueprint.add_url_rule("/reports/limits", "set_limit", set_limit, methods=["POST"])
    path = "/reports/limits/<int:limit_id>/verify"
    blueprint.add_url_rule(path, "ask_to_verify_limit", ask_to_verify)
    blueprint.add_url_rule(path, "verify_limit", verify, methods=["POST"])


@audience(*READERS)
def limits_page() -> ResponseReturnValue:
    """Those that hold and those before them, and the form for another."""
    return _page(Act({}))


@audience("regulator", permission="limit.set")
def set_limit() -> ResponseReturnValue:
    """Set one; what held from the same day before stays to be read."""
    act = Act(request.form)
    kind = act.form.get("kind", "")
    if kind not in limits.KINDS:
        act.errors["kind"] = lazy_gettext("Choose from the list.")
    since = act.day("valid_from")
    value = _value(act, kind)
    words = act.text("act")
    source = act.text("source", required=False, longest=LONGEST_SOURCE)
    if act.errors:
        return _page(act)
    try:
        with current_viewer().reading() as conn:
            db.call(conn, "api.set_cash_limit", kind, since, value, words, source or None)
    except psycopg.Error as problem:
        if problem.sqlstate != "DZR03":
            raise
        act.errors["valid_from"] = lazy_gettext("The year is out of range.")
        return _page(act)
    flash(gettext("The limit is set. Closed days are counted anew by it."), "success")
    return redirect(url_for("reports.limits"), 303)


def _value(act: Act, kind: str) -> int | None:
    """Kopiykas or millionths of a share; None where the field is empty."""
    given = act.form.get("value", "")
    if not figures.plain(given):
        return None
    made = figures.typed(given)
    if made is None:
        act.errors["value"] = lazy_gettext("This is no number.")
        return None
    in_hryvnias = kind in limits.AMOUNTS
    scaled = made.scaleb(limits.DIGITS) if in_hryvnias else made * IN_PERCENT
    if scaled % 1 or not 0 < scaled <= LARGEST[in_hryvnias]:
        act.errors["value"] = lazy_gettext("This is out of range, or has too many digits.")
        return None
    return int(scaled)


@audience("regulator", permission="limit.verify")
def ask_to_verify(limit_id: int) -> ResponseReturnValue:
    """What is to be compared, and the place for where the text of the act is."""
    return _verify_page(limit_id, None)


@audience("regulator", permission="limit.verify")
def verify(limit_id: int) -> ResponseReturnValue:
    """Say that a limit that somebody else entered was compared with its act."""
    act = Act(request.form)
    source = act.text("source", longest=LONGEST_SOURCE)
    act.agreed("compared")
    if act.errors:
        return _verify_page(limit_id, act)
    if not 0 < limit_id <= LARGEST_ID:
        raise NotFound
    try:
        with current_viewer().reading() as conn:
            db.call(conn, "api.verify_cash_limit", limit_id, source)
    except psycopg.Error as problem:
        if problem.sqlstate == "DZR01":
            raise NotFound from problem
        if problem.sqlstate != "DZW01":
            raise
        return _verify_page(limit_id, act, status=409)
    flash(gettext("The limit is verified."), "success")
    return redirect(url_for("reports.limits"), 303)


def _page(act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        rows = limits.read(conn)
        people = People(conn, (one for row in rows for one in (row["set_by"], row["verified_by"])))
    fields = [
        Field(
            "kind", gettext("What the limit is for"), "select", required=True,
            options=tuple(limits.KINDS.items()),
        ),
        Field("valid_from", gettext("From this day on"), "date", required=True),
        Field(
            "value", gettext("Value"),
            hint=gettext(
                "An amount in hryvnias, or a share in per cent. Empty: none from that day."
            ),
        ),
        Field("act", gettext("Act that sets the limit"), "area", required=True),
        Field("source", gettext("Where its text is"), "area"),
    ]  # fmt: skip
    return render(
        "reports/limits.html",
        status=422 if act.errors else 200,
        rows=rows,
        kinds=limits.KINDS,
        text_of=limits.text,
        people=people,
        me=actor_of(viewer),
        act=act,
        fields=act.filled(fields),
        may_set=viewer.may("limit.set"),
        may_verify=viewer.may("limit.verify"),
    )


def _verify_page(limit_id: int, act: Act | None, status: int = 200) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = next((one for one in limits.read(conn) if one["id"] == limit_id), None)
        if row is None:
            raise NotFound
        people = People(conn, (row["set_by"], row["verified_by"]))
    typed = act or Act({"source": row["source"] or ""})
    fields = [
        Field("source", gettext("Where its text is"), "area", required=True),
        Field(
            "compared", gettext("Confirmation"), "checks", required=True,
            options=(("yes", gettext("I have read the limit there, and it agrees")),),
        ),
    ]  # fmt: skip
    return render(
        "reports/verify_limit.html",
        status=422 if typed.errors else status,
        row=row,
        kinds=limits.KINDS,
        text_of=limits.text,
        people=people,
        own=row["set_by"] == actor_of(viewer),
        over=row["verified_by"] is not None or row["replaced_at"] is not None,
        act=typed,
        fields=typed.filled(fields),
    )
