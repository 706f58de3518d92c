"""Pages of subscriptions: make, change, rest, stop, and the log of what was delivered."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import psycopg
from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db, mail
from portal.errors import NotFound
from portal.identity.login import OWN, audience, current_viewer, public
from portal.notices.gateway import contact
from portal.notices.tokens import values_of
from portal.saved.targets import (
    Target,
    address,
    kept,
    link_about_this_page,
    open_to,
    target,
)
from portal.subscriptions import gateway
from portal.subscriptions.schedule import (
    EVERY,
    FIXED,
    SUGGESTED,
    Schedule,
    dated,
    period_of,
    read_schedule,
    weekday_name,
)
from portal.web import formats, navigation, periods, shell
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.navigation import NavItem
from portal.web.paging import listing, read_cursor
from portal.web.periods import PRESETS
from portal.web.rendering import render
from portal.web.urls import address as with_query

EVERYBODY = tuple(sorted(navigation.ROLES))
MINE = lazy_gettext("My work")
ROWS = 50
LONGEST_NAME = 200
LONGEST_ADDRESS = 16 * 1024
LARGEST_ID = 2**63 - 1
# What a page's address says of a moment that is past by then.
OF_THE_MOMENT = ("as_of",)
OUTCOMES: dict[str, tuple[LazyString, str]] = {
    "delivered": (lazy_gettext("Delivered"), "ok"),
    "no_rights": (lazy_gettext("Not delivered: no right to see it any more"), "attention"),
    "not_there": (lazy_gettext("Not delivered: what it shows is no longer there"), "attention"),
    "too_slow": (lazy_gettext("Not delivered: it took too long"), "bad"),
    "failed": (lazy_gettext("Not delivered: an error"), "bad"),
    "gave_up": (lazy_gettext("Not delivered: interrupted three times"), "bad"),
}
MAIL_STATES: dict[str, tuple[LazyString, str]] = {
    "waiting": (lazy_gettext("waits to be sent"), "info"),
    "sending": (lazy_gettext("being sent"), "info"),
    "sent": (lazy_gettext("sent"), "ok"),
    "refused": (lazy_gettext("refused by the mail server"), "bad"),
    "gave_up": (lazy_gettext("given up"), "bad"),
    "dropped": (lazy_gettext("not sent: no longer in office"), "attention"),
}

blueprint = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@blueprint.url_value_preprocessor
def bound(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """What is sent here is small; the token's check included."""
    request.max_content_length = 64 * 1024


@blueprint.get("")
@audience(*EVERYBODY)
def index() -> ResponseReturnValue:
    """One's subscriptions in this role."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        rows = [_shown(conn, row) for row in gateway.subscriptions(conn)]
    return render("subscriptions/index.html", rows=rows)


def _shown(conn: db.Connection, row: db.Row) -> db.Row:
    """A subscription with its page's name ('' where it is not open any more), schedule, period."""
    own = target(row["target"])
    label = ""
    if own is not None and open_to(own, current_viewer().role):
        try:
            label = str(own.label(conn, row["parameters"]["path"]))
        except (NotFound, KeyError):
            label = ""
    preset = (row["parameters"]["query"].get("period") or [""])[0]
    period = str(PRESETS[preset].label) if preset in PRESETS else ""
    return {**row, "label": label, "schedule": _schedule(row).words, "period": period}


def _schedule(row: db.Row) -> Schedule:
    return Schedule(row["every"], row["at_weekday"], row["at_month_day"], row["at_hour"])


@blueprint.get("/deliveries")
@audience(*EVERYBODY)
def deliveries() -> ResponseReturnValue:
    """What was delivered, to whom not and why; the mail's way with it."""
    viewer = current_viewer()
    before = read_cursor(request.args, int)
    outcome = request.args.get("outcome", "")
    with viewer.reading() as conn:
        rows = gateway.deliveries(conn, before, ROWS + 1, outcome if outcome in OUTCOMES else "")
        people = gateway.people(conn, [row["person_id"] for row in rows])
    return render(
        "subscriptions/deliveries.html",
        "rows",
        listing=listing(rows, ROWS, "id", before is not None),
        outcomes=OUTCOMES,
        mail_states=MAIL_STATES,
        outcome=outcome,
        people=people,
        wide=viewer.role == "auditor",
    )


@blueprint.get("/new")
@audience(*EVERYBODY)
def new() -> ResponseReturnValue:
    """The form for a page."""
    return _form({name: request.args.get(name, "") for name in ("target", "path", "query")})


@blueprint.post("")
@audience(*EVERYBODY, permission=OWN)
def save() -> ResponseReturnValue:
    """Take a new subscription."""
    return _taken({name: request.form.get(name, "") for name in ("target", "path", "query")}, None)


@blueprint.get("/<int:subscription_id>")
@audience(*EVERYBODY)
def edit(subscription_id: int) -> ResponseReturnValue:
    """The form of one that is there."""
    row = _own(subscription_id)
    return _form(_asked_by(row), row)


@blueprint.post("/<int:subscription_id>")
@audience(*EVERYBODY, permission=OWN)
def change(subscription_id: int) -> ResponseReturnValue:
    """Another schedule, name or way."""
    row = _own(subscription_id)
    return _taken(_asked_by(row), row)


@blueprint.post("/<int:subscription_id>/<any(pause, resume):act>")
@audience(*EVERYBODY, permission=OWN)
def rest(subscription_id: int, act: str) -> ResponseReturnValue:
    """Let it rest, or go on."""
    with current_viewer().reading() as conn:
        if not gateway.pause_subscription(conn, _possible(subscription_id), act == "pause"):
            raise NotFound
    return redirect(url_for("subscriptions.index"), 303)


@blueprint.post("/<int:subscription_id>/stop")
@audience(*EVERYBODY, permission=OWN)
def stop(subscription_id: int) -> ResponseReturnValue:
    """End it for good."""
    with current_viewer().reading() as conn:
        if not gateway.stop_subscription(conn, _possible(subscription_id)):
            raise NotFound
    flash(gettext("The subscription is stopped."), "info")
    return redirect(url_for("subscriptions.index"), 303)


# The link in a mail: without signing in, by a signature of ours.


@blueprint.get("/unsubscribe")
@public
def unsubscribe() -> ResponseReturnValue:
    """The button that stops it; a program that follows links presses none."""
    _signed()
    return render(
        "notices/link.html", deed="subscription", token="", email="", done=False, button=True
    )


@blueprint.post("/unsubscribe")
@public
@shell.signed_by_address
def unsubscribed() -> ResponseReturnValue:
    """Stopped by one click, also by that of a mail program (RFC 8058)."""
    number = _signed()
    with db.portal() as conn:
        if not gateway.stop_subscription(conn, number):
            raise NotFound
    return render(
        "notices/link.html", deed="subscription", token="", email="", done=True, button=False
    )


def _signed() -> int:
    found = values_of("subscription", request.args.get("token", ""))
    if found is None or type(found[0]) is not int:
        raise NotFound
    return found[0]


# Reading forms.


def _possible(subscription_id: int) -> int:
    if not 0 < subscription_id <= LARGEST_ID:
        raise NotFound
    return subscription_id


def _own(subscription_id: int) -> db.Row:
    """The caller's subscription; NotFound for any other."""
    with current_viewer().reading() as conn:
        row = gateway.subscription(conn, _possible(subscription_id))
    if row is None:
        raise NotFound
    return row


def _asked_by(row: db.Row) -> dict[str, str]:
    """A subscription's page as a form names it."""
    parameters = row["parameters"]
    query = [(name, one) for name, values in parameters["query"].items() for one in values]
    return {
        "target": row["target"],
        "path": json.dumps(parameters["path"]),
        "query": urlencode(query),
    }


def _page(
    conn: db.Connection, asked: dict[str, str]
) -> tuple[Target, str, dict[str, Any], dict[str, list[str]], bool]:
    """The page that a form names: itself, its name, path, query, whether it has a period.

    NotFound for what is no such page, or not the caller's.
    """
    own = target(asked["target"])
    if own is None or not open_to(own, current_viewer().role):
        raise NotFound
    if len(asked["path"]) > LONGEST_ADDRESS or len(asked["query"]) > LONGEST_ADDRESS:
        abort(400)
    try:
        path = json.loads(asked["path"] or "{}")
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(path, dict):
        abort(400)
    inside, query = kept(own, conn, path, parse_qsl(asked["query"]))
    for name in OF_THE_MOMENT:
        query.pop(name, None)
    if address(own, inside, query) is None:
        raise NotFound
    has_period = {"from", "to", "period"} <= set(own.parameters(conn, inside))
    return own, str(own.label(conn, inside)), inside, query, has_period


def _taken(asked: dict[str, str], row: db.Row | None) -> ResponseReturnValue:
    name = " ".join(request.form.get("name", "").replace("\0", "").split())
    schedule = read_schedule(request.form)
    errors: dict[str, LazyString] = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = lazy_gettext("Give a name of at most 200 characters.")
    if schedule is None:
        errors["every"] = lazy_gettext("Choose when it comes from the lists.")
    if errors or schedule is None:
        return _form(asked, row, errors)
    try:
        with current_viewer().reading() as conn:
            own, _, path, query, has_period = _page(conn, asked)
            if has_period:
                query = _with_period(query, request.form.get("period", ""))
            saved = gateway.save_subscription(
                conn,
                row["id"] if row else None,
                schedule,
                name=name,
                target=own.endpoint,
                parameters={"path": path, "query": query},
                language=language(),
                by_mail=request.form.get("by_mail") == "yes",
            )
    except psycopg.Error as problem:
        if problem.sqlstate != "DZX06":
            raise
        return _form(
            asked, row, {"name": lazy_gettext("You have fifty subscriptions. Stop one first.")}
        )
    if saved is None:
        raise NotFound
    flash(gettext("“%(name)s” comes %(when)s.", name=name, when=schedule.words), "success")
    return redirect(url_for("subscriptions.index"), 303)


def _with_period(query: dict[str, list[str]], chosen: str) -> dict[str, list[str]]:
    """The query with the period that the form chose; a named one stays relative."""
    if chosen in PRESETS:
        others = {name: one for name, one in query.items() if name not in ("from", "to")}
        return others | {"period": [chosen]}
    return query


def _form(
    asked: dict[str, str], row: db.Row | None = None, errors: dict[str, LazyString] | None = None
) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        own, label, path, query, has_period = _page(conn, asked)
        reached = contact(conn)
    typed = request.form if errors else None
    schedule = _schedule(row) if row else Schedule()
    preset = (query.get("period") or [""])[0]
    fixed = None if preset in PRESETS else period_of(query, periods.today())
    choices = [(name, str(one.label)) for name, one in PRESETS.items()] if has_period else []
    if fixed is not None and choices:
        days = f"{formats.date_only(fixed.first)} – {formats.date_only(fixed.last)}"
        choices.append((FIXED, gettext("always these days: %(days)s", days=days)))
    back = address(own, path, dated(query, periods.today()))
    return render(
        "subscriptions/form.html",
        status=422 if errors else 200,
        row=row,
        asked=asked,
        label=label,
        errors=errors or {},
        summary=[(field, text) for field, text in (errors or {}).items()],
        name=typed.get("name", "") if typed is not None else (row["name"] if row else label),
        every=typed.get("every", "") if typed is not None else schedule.every,
        weekday=typed.get("weekday", "") if typed is not None else str(schedule.weekday),
        month_day=typed.get("month_day", "") if typed is not None else str(schedule.month_day),
        hour=typed.get("hour", "") if typed is not None else str(schedule.hour),
        by_mail=typed.get("by_mail") == "yes" if typed is not None else (row or {}).get("by_mail"),
        period=(
            typed.get("period", "")
            if typed is not None
            else preset or (FIXED if row and fixed else SUGGESTED["day"])
        ),
        periods=choices,
        everies=EVERY,
        weekdays=[(str(day), weekday_name(day)) for day in range(1, 8)],
        contact=reached,
        mailed=mail.configured(),
        back=url_for("subscriptions.index") if row else back,
    )


def subscribe_address() -> str | None:
    """The link that subscribes to the page in view; None where that cannot be."""
    return link_about_this_page("subscriptions.new")


def view_subscribe_address(row: db.Row) -> str:
    """The link that subscribes to a saved view, which keeps what it is now."""
    return with_query(url_for("subscriptions.new"), dict(_asked_by(row)))


def init_app(app: Flask) -> None:
    """Register the pages and their entry in the menu; tell templates how one subscribes."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        subscribe_address=subscribe_address, view_subscribe_address=view_subscribe_address
    )
    navigation.register(
        app,
        NavItem(
            "subscriptions.index",
            lazy_gettext("Subscriptions"),
            "calendar",
            navigation.ROLES,
            MINE,
            78,
            within={"subscriptions.new", "subscriptions.edit", "subscriptions.deliveries"},
        ),
    )
