"""By when licensees are to be connected: set by one official, compared with the act by another.

No deadline is known to be confirmed; what nobody compared with its act is marked as such.
"""

from __future__ import annotations

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.integration import tracker
from portal.integration.tracker import LARGEST_ID, OFFICIALS, STEPS, blueprint
from portal.registry.acts import Act
from portal.registry.desk import People
from portal.registry.forms import Field
from portal.registry.pages_queue import actor_of
from portal.web.i18n import gettext, lazy_gettext
from portal.web.rendering import render

WITH_DEADLINE = ("keys", "data", "equipment")
LONGEST_SOURCE = 500
MOST_DAYS = 3660


@blueprint.get("/deadlines")
@audience(*OFFICIALS)
def deadlines() -> ResponseReturnValue:
    """Those in force and those before them, and the form for another."""
    return _page(Act({}))


@blueprint.post("/deadlines")
@audience("regulator", permission="deadline.set")
def set_deadline() -> ResponseReturnValue:
    """Set one; what held before stays to be read."""
    act = Act(request.form)
    step = act.form.get("step", "")
    if step not in WITH_DEADLINE:
        act.errors["step"] = lazy_gettext("Choose from the list.")
    days = act.form.get("days_after", "").strip()
    due_on = None if days else act.day("due_on")
    if days and not (
        days.isascii() and days.isdigit() and len(days) < 10 and int(days) <= MOST_DAYS
    ):
        act.errors["days_after"] = lazy_gettext("Give a number from 0 to 3660.")
    text = act.text("act")
    source = act.text("source", required=False, longest=LONGEST_SOURCE)
    if act.errors:
        return _page(act)
    try:
        with current_viewer().reading() as conn:
            db.call(
                conn, "api.set_deadline", step, due_on, int(days) if days else None, text,
                source or None,
            )  # fmt: skip
    except psycopg.Error as problem:
        if problem.sqlstate != "DZR03":
            raise
        act.errors["due_on"] = lazy_gettext("The year is out of range.")
        return _page(act)
    flash(gettext("The deadline is set."), "success")
    return redirect(url_for("integration.deadlines"), 303)


@blueprint.get("/deadlines/<int:deadline_id>/verify")
@audience("regulator", permission="deadline.verify")
def ask_to_verify(deadline_id: int) -> ResponseReturnValue:
    """What is to be compared, and the place for where the text of the act is."""
    return _verify_page(deadline_id, None)


@blueprint.post("/deadlines/<int:deadline_id>/verify")
@audience("regulator", permission="deadline.verify")
def verify(deadline_id: int) -> ResponseReturnValue:
    """Say that a deadline that somebody else entered was compared with its act."""
    act = Act(request.form)
    source = act.text("source", longest=LONGEST_SOURCE)
    act.agreed("compared")
    if act.errors:
        return _verify_page(deadline_id, act)
    if not 0 < deadline_id <= LARGEST_ID:
        raise NotFound
    try:
        with current_viewer().reading() as conn:
            db.call(conn, "api.verify_deadline", deadline_id, source)
    except psycopg.Error as problem:
        if problem.sqlstate == "DZR01":
            raise NotFound from problem
        if problem.sqlstate != "DZW01":
            raise
        return _verify_page(deadline_id, act, status=409)
    flash(gettext("The deadline is verified."), "success")
    return redirect(url_for("integration.deadlines"), 303)


def _page(act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        rows = tracker.deadlines(conn)
        people = People(conn, (one for row in rows for one in (row["set_by"], row["verified_by"])))
    fields = [
        Field(
            "step", gettext("What is to be done"), "select", required=True,
            options=tuple((code, STEPS[code]) for code in WITH_DEADLINE),
        ),
        Field("due_on", gettext("By this day, for all"), "date"),
        Field(
            "days_after", gettext("Or so many days after the first licence"),
            hint=gettext("Leave the day empty then."),
        ),
        Field("act", gettext("Act that sets it"), "area", required=True),
        Field("source", gettext("Where its text is"), "area"),
    ]  # fmt: skip
    return render(
        "integration/deadlines.html",
        status=422 if act.errors else 200,
        rows=rows,
        steps=STEPS,
        people=people,
        me=actor_of(viewer),
        act=act,
        fields=act.filled(fields),
        may_set=viewer.may("deadline.set"),
        may_verify=viewer.may("deadline.verify"),
    )


def _verify_page(deadline_id: int, act: Act | None, status: int = 200) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = next((one for one in tracker.deadlines(conn) if one["id"] == deadline_id), None)
        if row is None:
            raise NotFound
        people = People(conn, (row["set_by"], row["verified_by"]))
    typed = act or Act({"source": row["source"] or ""})
    fields = [
        Field("source", gettext("Where its text is"), "area", required=True),
        Field(
            "compared", gettext("Confirmation"), "checks", required=True,
            options=(("yes", gettext("I have read the deadline there, and it agrees")),),
        ),
    ]  # fmt: skip
    return render(
        "integration/verify.html",
        status=422 if typed.errors else status,
        row=row,
        steps=STEPS,
        people=people,
        own=row["set_by"] == actor_of(viewer),
        over=row["verified_by"] is not None or row["replaced_at"] is not None,
        act=typed,
        fields=typed.filled(fields),
    )
