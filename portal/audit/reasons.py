"""Why an official looks at single transactions: asked once an hour of a session, and kept there."""

from __future__ import annotations

from flask import Blueprint, Flask, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.audit import gateway
from portal.audit.noting import ReasonWanted, note
from portal.identity.login import OWN, audience, current_viewer, session_digest
from portal.web import htmx
from portal.web.i18n import LazyString, language, lazy_gettext
from portal.web.rendering import render
from portal.web.urls import HOME, address, safe_next

OFFICIALS = ("regulator", "tax_service", "auditor", "financial_monitoring")
SHORTEST, LONGEST = 3, 500
MOST_BYTES = 64 * 1024

blueprint = Blueprint("audit_reason", __name__, url_prefix="/audit/reason")


@blueprint.url_value_preprocessor
def bound(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """What is sent here is small."""
    request.max_content_length = MOST_BYTES


@blueprint.get("")
@audience(*OFFICIALS)
def ask() -> ResponseReturnValue:
    """The form: a kind of reason and words, such as the number of a case."""
    return _page(safe_next(request.args.get("next")), "", "", {})


@blueprint.post("")
@audience(*OFFICIALS, permission=OWN)
def state() -> ResponseReturnValue:
    """Keep the reason in the session, and go on to where it was asked for."""
    viewer = current_viewer()
    kind, text = request.form.get("kind", ""), request.form.get("text", "").replace("\0", "")
    text = " ".join(text.split())
    back = safe_next(request.form.get("next"))
    with viewer.reading() as conn:
        known = gateway.reasons(conn)
    errors: dict[str, LazyString] = {}
    if kind not in known:
        errors["kind"] = lazy_gettext("Choose a reason from the list.")
    if not SHORTEST <= len(text) <= LONGEST:
        errors["text"] = lazy_gettext(
            "Say it in words: from 3 to 500 characters, such as the number of a case."
        )
    with viewer.reading() as conn:
        if errors:
            note(conn, "refused", "page", "audit_reason.state", {"status": 422, "why": "reason"})
        else:
            gateway.state_reason(conn, session_digest(), kind, text)
    return _page(back, kind, text, errors) if errors else redirect(back, 303)


def _page(back: str, kind: str, text: str, errors: dict[str, LazyString]) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        known = gateway.reasons(conn)
    return render(
        "audit/reason.html",
        status=422 if errors else 200,
        reasons=[(one, row[f"name_{language()}"]) for one, row in known.items()],
        next=back,
        kind=kind,
        text=text,
        errors=errors,
        summary=[(f"reason-{name}", said) for name, said in errors.items()],
        longest=LONGEST,
    )


def _asked(_wanted: ReasonWanted) -> ResponseReturnValue:
    """Lead whoever has stated no reason to the form, and from there back."""
    wanted = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else HOME
    to = address(url_for("audit_reason.ask"), {"next": safe_next(wanted)})
    if htmx.is_htmx():
        return htmx.redirect_page(make_response("", 200), to)
    return redirect(to, 303)


def init_app(app: Flask) -> None:
    """Register the form, and the way to it."""
    app.register_blueprint(blueprint)
    app.register_error_handler(ReasonWanted, _asked)
