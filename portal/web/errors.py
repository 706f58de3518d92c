"""Error pages: what happened, what to do, and the id to quote; never a traceback.

A page gets a page. A fragment gets a notice put into the page's notices, and the page stays as it
was. Whoever polls without a session gets 401 and is sent to sign in. An interface for machines
registers its own renderer for its part of the addresses (:func:`render_under`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    UnprocessableEntity,
)

from portal import errors as domain
from portal.web import htmx
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render
from portal.web.request_id import request_id
from portal.web.urls import HOME, address, safe_next

EXTENSION = "dozir_error_renderers"
Renderer = Callable[[HTTPException], ResponseReturnValue]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """The words of an error: its name and what the reader can do."""

    title: LazyString
    advice: LazyString


WORDS = {
    400: Words(
        lazy_gettext("The request could not be understood"),
        lazy_gettext("Something in the address or the form is damaged. Go back and try again."),
    ),
    401: Words(
        lazy_gettext("Sign in to continue"),
        lazy_gettext("Your session has ended or you have not signed in yet."),
    ),
    403: Words(
        lazy_gettext("You do not have access to this"),
        lazy_gettext("Your role does not include this page. If it should, ask your administrator."),
    ),
    404: Words(
        lazy_gettext("There is nothing at this address"),
        lazy_gettext("The link may be old or mistyped, or what it names may not be yours to see."),
    ),
    405: Words(
        lazy_gettext("This address does not work that way"),
        lazy_gettext("Open the page from the menu and try the action from there."),
    ),
    409: Words(
        lazy_gettext("Someone changed this in the meantime"),
        lazy_gettext("Open the page again to see its present state, then repeat your change."),
    ),
    413: Words(
        lazy_gettext("What you sent is too large"),
        lazy_gettext("Send it in smaller parts."),
    ),
    422: Words(
        lazy_gettext("Some of what you entered needs correcting"),
        lazy_gettext("Go back, correct the marked fields and send the form again."),
    ),
    429: Words(
        lazy_gettext("Too many requests"),
        lazy_gettext("Wait a little and try again."),
    ),
    500: Words(
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext("Try again. If it happens again, report the request id below."),
    ),
    503: Words(
        lazy_gettext("The portal is not available for the moment"),
        lazy_gettext("Records are safe. Try again in a minute."),
    ),
}
STALE_FORM = Words(
    lazy_gettext("The form was not accepted"),
    lazy_gettext(
        "It has expired, or it was not sent from a page of this portal."
        " Open the page again and send it anew."
    ),
)
UNCONFIRMED = lazy_gettext(
    "The published log does not confirm this, so it is not given out as proof. Try again in a"
    " minute; if it stays so, report the request id below: the database may have been altered."
)
RETRY_SECONDS = 5
# An error crosses from the database by its SQLSTATE, never by its text.
BY_SQLSTATE: dict[str, tuple[type[HTTPException], LazyString]] = {
    "57014": (  # statement_timeout
        ServiceUnavailable,
        lazy_gettext("The answer took too long. Choose a shorter period or fewer rows."),
    ),
    "DZV01": (
        UnprocessableEntity,
        lazy_gettext("The period is reversed, or longer than this list can be."),
    ),
    "DZV02": (UnprocessableEntity, lazy_gettext("The rows cannot be grouped like that.")),
    "DZR01": (NotFound, WORDS[404].advice),
    "DZR02": (
        Forbidden,
        lazy_gettext("Your role, or the powers registered for you, do not allow it."),
    ),
    "DZR04": (BadRequest, WORDS[400].advice),
    "DZK01": (NotFound, WORDS[404].advice),
    "DZK07": (Conflict, WORDS[409].advice),
    "DZL01": (Conflict, WORDS[409].advice),
}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def words_for(error: HTTPException) -> Words:
    """The words of an error; a code without its own takes those of its class."""
    if isinstance(error, CSRFError):
        return STALE_FORM
    code = error.code or 500
    return WORDS.get(code, WORDS[500 if code >= 500 else 400])


def told_by_us(error: HTTPException) -> str | None:
    """The description a view gave, if it gave one; a library's own English is no help here."""
    if isinstance(error, CSRFError):
        return None
    given = error.description
    return None if given is None or given == type(error).description else str(given)


def sign_in_address() -> str | None:
    """The sign-in page, told where to return to; None where nobody can sign in."""
    endpoint = current_app.config["LOGIN_ENDPOINT"]
    if endpoint not in current_app.view_functions:
        return None
    if htmx.is_htmx():
        _, _, tail = request.headers.get("HX-Current-URL", "").partition("://")
        wanted = "/" + tail.partition("/")[2]
    else:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else HOME
    back = safe_next(wanted)
    return address(url_for(endpoint), {"next": None if back == HOME else back})


def sign_in(error: HTTPException) -> Response:
    """The answer to somebody unknown: to the sign-in page, or the error page without one."""
    to = sign_in_address()
    if htmx.is_htmx():
        return htmx.redirect_page(make_response("", 401), to or HOME)
    if to and request.method in ("GET", "HEAD"):
        return make_response(redirect(to, code=303))
    return error_page(error)


def as_nobody() -> None:
    """Lets an error page render when loading the viewer is what failed."""
    manager = getattr(current_app, "login_manager", None)
    if manager is not None and "_login_user" not in g:
        g._login_user = manager.anonymous_user()


def error_page(error: HTTPException) -> Response:
    """The page, or for htmx the notice, that tells of ``error``."""
    code = error.code or 500
    if code >= 500:
        as_nobody()
    said = words_for(error)
    notice = htmx.is_htmx()
    response = render(
        "errors/notice.html" if notice else "errors/error.html",
        status=code,
        code=code,
        title=str(said.title),
        advice=told_by_us(error) or str(said.advice),
        sign_in=sign_in_address() if code == 401 else None,
    )
    for name, value in error.get_headers():
        if name in KEPT_HEADERS:
            response.headers[name] = value
    if notice:
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Push-Url"] = "false"
    return response


def plain_page(error: HTTPException) -> Response:
    """The last resort, when the error page itself fails: words and the id, nothing else."""
    text = f"{gettext('Something went wrong on our side')}\n{request_id()}\n"
    return Response(text, error.code or 500, mimetype="text/plain")


def answer(error: HTTPException) -> ResponseReturnValue:
    """Flask's handler for every error that a view or the routing raised."""
    for prefix, renderer in current_app.extensions[EXTENSION].items():
        if request.path.startswith(prefix):
            rendered: ResponseReturnValue = renderer(error)
            return rendered
    if error.response is not None or (error.code or 500) < 400:
        return error
    if error.code == 401:
        return sign_in(error)
    try:
        try:
            return error_page(error)
        except Exception:
            if "_login_user" in g:
                raise
            as_nobody()  # who asks cannot be looked up just now: the answer stays what it is
            return error_page(error)
    except Exception:
        log.exception("the error page itself failed")
        return plain_page(InternalServerError())


def from_below(problem: Exception) -> HTTPException:
    """What an error of the domain or the database means to whoever asked; any other goes on."""
    if isinstance(problem, domain.NotFound):
        return NotFound()
    if isinstance(problem, domain.DatabaseUnavailable):
        return ServiceUnavailable(retry_after=RETRY_SECONDS)
    if isinstance(problem, domain.Unconfirmed):
        return ServiceUnavailable(str(UNCONFIRMED), retry_after=RETRY_SECONDS)
    if isinstance(problem, domain.Unstorable):
        return BadRequest()
    known = BY_SQLSTATE.get(getattr(problem, "sqlstate", None) or "")
    if known is None:
        raise problem
    kind, words = known
    return kind(str(words))


def answer_from_below(problem: Exception) -> ResponseReturnValue:
    """Flask's handler for what a view let through from the domain or the database."""
    return answer(from_below(problem))


def render_under(app: Flask, prefix: str, renderer: Renderer) -> None:
    """Leaves errors of addresses that begin with ``prefix`` to ``renderer``."""
    app.extensions.setdefault(EXTENSION, {})[prefix] = renderer


def init_app(app: Flask) -> None:
    """Registers the handler; ``LOGIN_ENDPOINT`` names the sign-in view."""
    app.config.setdefault("LOGIN_ENDPOINT", "identity.login")
    app.config.setdefault("LOGOUT_ENDPOINT", "identity.logout")
    app.extensions.setdefault(EXTENSION, {})
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, answer_from_below)
