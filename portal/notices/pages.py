"""Pages of notices: the list, the ways they take, and what links in mail lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db, mail
from portal.errors import DatabaseUnavailable, NotFound
from portal.identity.login import OWN, audience, current_viewer, public
from portal.notices import gateway, mailing, words
from portal.notices.tokens import values_of
from portal.notices.words import Told
from portal.web import navigation, shell
from portal.web.i18n import LANGUAGES, LazyString, gettext, language, lazy_gettext, ngettext
from portal.web.navigation import NavItem
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render
from portal.web.urls import safe_next

EVERYBODY = tuple(sorted(navigation.ROLES))
MINE = lazy_gettext("My work")
ROWS = 50
IN_THE_BELL = 6
LARGEST_ID = 2**63 - 1
WAYS: dict[str, LazyString] = {
    "none": lazy_gettext("Not by mail"),
    "digest": lazy_gettext("In the daily digest"),
    "at_once": lazy_gettext("At once"),
}

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.url_value_preprocessor
def bound(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """What is sent here is small; the token's check included."""
    request.max_content_length = 64 * 1024


@blueprint.get("")
@audience(*EVERYBODY)
def index() -> ResponseReturnValue:
    """What the person was told, the newest first."""
    viewer = current_viewer()
    before = read_cursor(request.args, int)
    kind = request.args.get("kind", "")[:63].replace("\0", "")
    only_unread = request.args.get("unread") == "1"
    with viewer.reading() as conn:
        kinds = gateway.kinds(conn)
        rows = gateway.notices(conn, before, ROWS + 1, kind, only_unread)
    shown = listing(rows, ROWS, "id", before is not None)
    return render(
        "notices/index.html",
        "rows",
        listing=shown,
        told=[words.told(row, kinds) for row in shown.rows],
        kinds=[
            (name, words.in_language(row, "name"))
            for name, row in kinds.items()
            if viewer.role in row["roles"]
        ],
        kind=kind,
        only_unread=only_unread,
    )


@blueprint.get("/<int:notice_id>")
@audience(*EVERYBODY)
def show(notice_id: int) -> ResponseReturnValue:
    """Open what a notice leads to; it is read with that."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = gateway.notice(conn, _possible(notice_id))
        if row is None:
            raise NotFound
        gateway.read_notice(conn, notice_id, True)
    place = words.address(row) if words.open_to(row, viewer.role) else None
    return redirect(place or url_for("notices.index"), 303)


@blueprint.post("/<int:notice_id>/<any(read, unread):state>")
@audience(*EVERYBODY, permission=OWN)
def mark(notice_id: int, state: str) -> ResponseReturnValue:
    """Mark one as read, or as not read."""
    with current_viewer().reading() as conn:
        if not gateway.read_notice(conn, _possible(notice_id), state == "read"):
            raise NotFound
    return redirect(safe_next(request.form.get("next"), url_for("notices.index")), 303)


@blueprint.post("/read")
@audience(*EVERYBODY, permission=OWN)
def read_all() -> ResponseReturnValue:
    """Mark as read whatever the person was shown the number of."""
    text = request.form.get("until", "")
    until = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    with current_viewer().reading() as conn:
        number = gateway.read_notices(conn, until)
    flash(
        ngettext("%(num)s notice marked as read.", "%(num)s notices marked as read.", number),
        "info",
    )
    return redirect(safe_next(request.form.get("next"), url_for("notices.index")), 303)


def _possible(notice_id: int) -> int:
    if not 0 < notice_id <= LARGEST_ID:
        raise NotFound
    return notice_id


# Which way each kind takes, and where mail goes.


@blueprint.get("/settings")
@audience(*EVERYBODY)
def settings() -> ResponseReturnValue:
    """What the person is told of, by which way, and at which address."""
    return _settings()


@blueprint.post("/settings")
@audience(*EVERYBODY, permission=OWN)
def choose() -> ResponseReturnValue:
    """Take the choice of ways, whole."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        for kind, row in gateway.kinds(conn).items():
            way = request.form.get(f"mail-{kind}", row["by_mail"])
            if viewer.role in row["roles"] and way in WAYS:
                in_bell = request.form.get(f"bell-{kind}") == "yes" or kind == "subscription"
                gateway.set_notice(conn, kind, in_bell, way)
    flash(gettext("The ways of your notices are saved."), "success")
    return redirect(url_for("notices.settings"), 303)


@blueprint.post("/address")
@audience(*EVERYBODY, permission=OWN)
def give_address() -> ResponseReturnValue:
    """Take an address for mail, '' for none; another one is asked whether it is the person's."""
    if not mail.configured():
        raise NotFound
    viewer = current_viewer()
    typed = request.form.get("email", "").strip()
    hour = request.form.get("hour", "")
    clean = mail.clean_address(typed) if typed else ""
    if clean is None or hour not in {str(number) for number in range(24)}:
        wrong = lazy_gettext("Give one address for mail, such as name@example.org.")
        return _settings(typed, wrong)
    try:
        with viewer.reading() as conn:
            unconfirmed = gateway.set_contact(conn, clean, _chosen_language(), int(hour))
            if unconfirmed:
                mailing.ask_to_confirm(conn, viewer.person_id, clean)
    except psycopg.Error as problem:
        if problem.sqlstate != "DZX07":
            raise
        return _settings(
            typed, lazy_gettext("Five questions were sent within an hour. Try again later.")
        )
    if unconfirmed:
        flash(
            gettext("A mail is on its way to %(email)s: confirm the address there.", email=clean),
            "info",
        )
    elif clean:
        flash(gettext("Your address for mail is saved."), "success")
    else:
        flash(gettext("Your address was removed: nothing more is mailed."), "info")
    return redirect(url_for("notices.settings"), 303)


def _chosen_language() -> str:
    asked = request.form.get("language", "")
    return asked if asked in LANGUAGES else language()


def _settings(typed: str | None = None, wrong: LazyString | None = None) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        kinds = gateway.kinds(conn)
        chosen = gateway.settings(conn)
        contact = gateway.contact(conn)
    told = [
        (
            name,
            words.in_language(row, "name"),
            chosen.get(name, {}).get("in_bell", True),
            chosen.get(name, {}).get("by_mail", row["by_mail"]),
        )
        for name, row in kinds.items()
        if viewer.role in row["roles"] and name != "subscription"
    ]
    return render(
        "notices/settings.html",
        status=422 if wrong else 200,
        kinds=told,
        ways=WAYS,
        contact=contact,
        email=typed if typed is not None else (contact["email"] if contact else ""),
        wrong=wrong,
        mailed=mail.configured(),
        hours=range(24),
    )


# What links in mail lead to: without signing in, by a signature of ours.


@blueprint.get("/confirm")
@public
def confirm() -> ResponseReturnValue:
    """The button that confirms an address; a program that follows links presses none."""
    token, found = _token("confirm")
    return render(
        "notices/link.html", deed="confirm", token=token, email=found[1], done=False, button=True
    )


@blueprint.post("/confirm")
@public
def confirmed() -> ResponseReturnValue:
    """The address is its person's."""
    token, (person_id, email) = _token("confirm")
    with db.portal() as conn:
        if not gateway.confirm_contact(conn, person_id, email):
            raise NotFound
    return render(
        "notices/link.html", deed="confirm", token=token, email=email, done=True, button=False
    )


@blueprint.get("/stop")
@public
def stop() -> ResponseReturnValue:
    """The button that stops notices by mail."""
    token, _ = _token("mail")
    return render("notices/link.html", deed="stop", token=token, email="", done=False, button=True)


@blueprint.post("/stop")
@public
@shell.signed_by_address
def stopped() -> ResponseReturnValue:
    """No more notices by mail: one click, also that of a mail program (RFC 8058)."""
    token, (person_id,) = _token("mail")
    with db.portal() as conn:
        if not gateway.stop_mail(conn, person_id):
            raise NotFound
    return render("notices/link.html", deed="stop", token=token, email="", done=True, button=False)


def _token(deed: str) -> tuple[str, list[Any]]:
    """The token of the address and what it names; NotFound for one that is not ours."""
    token = request.args.get("token", "")
    found = values_of(deed, token)
    if found is None:
        raise NotFound
    return token, found


@dataclass(frozen=True)
class Bell:
    """What the bell shows: how many were not read, the newest of them."""

    number: int
    newest: list[Told]


def bell() -> Bell:
    """The viewer's notices that were not read.

    Pages that say what went wrong have this head too: whatever the database does, none is told.
    """
    viewer = shell.viewer()
    if viewer is None:
        return Bell(0, [])
    try:
        with viewer.reading() as conn:
            rows = gateway.unread(conn, IN_THE_BELL)
            kinds = gateway.kinds(conn) if rows else {}
    except (DatabaseUnavailable, psycopg.Error):
        return Bell(0, [])
    return Bell(rows[0]["number"] if rows else 0, [words.told(row, kinds) for row in rows])


def init_app(app: Flask) -> None:
    """Register the pages and their entry in the menu; give templates the bell."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(bell=bell)
    navigation.register(
        app,
        NavItem(
            "notices.index",
            lazy_gettext("Notices"),
            "bell",
            navigation.ROLES,
            MINE,
            77,
            within={"notices.settings"},
        ),
    )
