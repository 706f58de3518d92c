"""The page *Live* and its stream of events."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from portal import db
from portal.identity import login
from portal.identity.login import Viewer, audience, current_viewer
from portal.ledger.views import RECEIVED
from portal.live import shown, stream
from portal.live import state as states
from portal.live.feed import feed_of
from portal.live.gateway import Arrivals, Position
from portal.live.state import Scope, State
from portal.registry.names import Named, Names, read_names
from portal.web import navigation
from portal.web.closing import close_after_answer
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.navigation import NavItem
from portal.web.rendering import render
from portal.web.urls import address, here

READERS = ("regulator", "tax_service", "auditor", "operator")
REFRESH_SECONDS = 10
RETRY_AFTER = {429: 60, 503: 3}
# What a stream is refused with.
TOO_MANY = lazy_gettext("You have too many live pages open. Close some of them and try again.")
BUSY = lazy_gettext("Too many live pages are open for the moment, or the portal restarts.")

blueprint = Blueprint("live", __name__, url_prefix="/live")


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the operator it names, and whether it names one we know."""

    operator: Named | None
    error: LazyString | None


def _asked(names: Names) -> Asked:
    text = request.args.get("operator", "")
    found = names.operator(text)
    wrong = bool(text) and found is None  # another's operator and none at all are answered alike
    return Asked(found, lazy_gettext("Choose an operator from the list.") if wrong else None)


def _scope(viewer: Viewer, operator: Named | None) -> Scope:
    chosen = operator.id if operator and viewer.role != "operator" else None
    return Scope(viewer.role, viewer.operator_id, chosen)


def _now(conn: db.Connection, scope: Scope) -> State:
    """The state at this moment: what was told to those who watch, and all that came since."""
    told = feed_of(scope).told
    return states.following(conn, scope, told) if told else states.first(conn, scope)


@blueprint.get("")
@audience(*READERS)
def live() -> ResponseReturnValue:
    """What has come in up to now; the stream goes on from there."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        asked = _asked(names)
        scope = _scope(viewer, asked.operator)
        found = None if asked.error else _now(conn, scope)
    operator = asked.operator.id if asked.operator else None
    return render(
        "live/live.html",
        "live",
        status=200 if found else 422,
        state=found,
        names=names,
        operator=asked.operator,
        summary=[("filter-operator", asked.error)] if asked.error else [],
        alone=viewer.role == "operator",
        chips=[(gettext("Operator"), asked.operator.name, here(operator=None))]
        if asked.operator
        else [],
        events=found
        and address(url_for("live.events"), {"operator": operator, "after": found.position}),
        refresh=REFRESH_SECONDS if request.args.get("refresh") == str(REFRESH_SECONDS) else None,
        seconds=REFRESH_SECONDS,
        shown=shown,
    )


@blueprint.get("/events")
@audience(*READERS)
def events() -> ResponseReturnValue:
    """The same page as it goes on: one stream of events, resumed by ``Last-Event-ID``."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        asked = _asked(read_names(conn))
    if asked.error:
        abort(404)
    # Last of all: whoever waits between this and the first event is not counted meanwhile.
    refused = stream.refusal(viewer)
    if refused == 429:
        raise TooManyRequests(str(TOO_MANY), retry_after=RETRY_AFTER[429])
    if refused == 503:
        raise ServiceUnavailable(str(BUSY), retry_after=RETRY_AFTER[503])
    scope = _scope(viewer, asked.operator)

    def missed(after: Position, state: State) -> Arrivals:
        with viewer.reading() as conn:
            return states.between(conn, scope, after, state)

    def written(state: State, new: Arrivals | None) -> str:
        return shown.event(state, new, alone=viewer.role == "operator")

    opened = stream.Stream(
        viewer, login.session_digest(), feed_of(scope), request.environ.get("gunicorn.socket")
    )
    after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    chunks = opened.events(Position.read(after), missed, written, language())
    close_after_answer(request.environ)
    response = Response(stream_with_context(chunks), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def init_app(app: Flask) -> None:
    """Register the page and its entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.register(
        app, NavItem("live.live", lazy_gettext("Live"), "pulse", set(READERS), RECEIVED, 29)
    )
