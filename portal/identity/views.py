"""The pages of signing in and out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from portal import db
from portal.identity import demo_signers, entering, evidence
from portal.identity import login as sessions
from portal.identity.challenges import Challenge
from portal.identity.entering import NoChallenge, Refusal
from portal.identity.evidence import Unready
from portal.identity.login import public
from portal.identity.signatures.reasons import Refused, Verdict
from portal.web import urls
from portal.web.alphabet import alphabetical
from portal.web.i18n import LazyString, language, lazy_gettext
from portal.web.navigation import ROLE_LABELS
from portal.web.rendering import render
from portal.web.turnstile import Turnstile

LARGEST_ID = 2**31 - 1
# Base64 in a form is a third longer, and there is a file beside it.
MOST_BYTES = 4 * evidence.LARGEST
RETRY_SECONDS = 10

blueprint = Blueprint("identity", __name__)
# An office of officials comes from one address; each answer takes up to 0.1 s.
turnstile = Turnstile(per_second=5, at_once=120)

# The icon that stands for each database role that officials act through.
ICONS = {
    "regulator": "shield",
    "tax_service": "scale",
    "registrar": "book",
    "auditor": "people",
    "financial_monitoring": "pulse",
    "fairness": "chart",
    "administrator": "person",
}
LOCKED = lazy_gettext("Your access is locked. Ask the regulator; what you had begun is kept.")


@dataclass(frozen=True)
class Identity:
    """Somebody to enter as, in the language of the request."""

    id: int
    name: str
    organisation: str
    code: str = ""
    role_label: str = ""
    about: str = ""
    icon: str = ""
    locked: bool = False


@blueprint.url_value_preprocessor
def bound(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Nothing large is read of anybody unknown, the token's check included."""
    request.max_content_length = MOST_BYTES
    request.max_form_memory_size = MOST_BYTES


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """How to sign in; in a demonstration also whom one may enter as."""
    return _page()


@blueprint.get("/login/challenge")
@public
def login_challenge() -> ResponseReturnValue:
    """The text to sign, as JSON for signing widgets; see docs/login.md."""
    _admit()
    try:
        evidence.trusted()
    except Unready as problem:
        return jsonify(error="not_ready", message=str(problem.text)), 503
    return jsonify(_for_widgets(entering.challenge()))


@blueprint.get("/login/text")
@public
def login_text() -> ResponseReturnValue:
    """The same text as a file, for programs that sign files."""
    return text_file(entering.challenge())


@blueprint.post("/login/signature")
@public
def login_signature() -> ResponseReturnValue:
    """Take an answer: from the form, or from a widget that asks for JSON."""
    _admit()
    json = request.is_json
    number, signature = _json_answer() if json else (request.form.get("challenge"), posted())
    if not signature:
        return _refused(Refusal("absent", Verdict.INVALID, str(entering.NO_TEXT)))
    try:
        kept = entering.answer(number, signature)
    except Unready as problem:
        if json:
            return jsonify(error="not_ready", message=str(problem.text)), 503
        return _page(status=503)
    except (Refused, NoChallenge) as problem:
        refusal = entering.refusal(problem)
        entering.note_refusal(refusal)
        return _refused(refusal)
    session[entering.NEXT] = urls.safe_next(_wanted())
    to = _next_step(kept)
    if json:
        return jsonify(verdict="valid", next=to)
    return redirect(to, 303)


@blueprint.get("/login/act-for")
@public
def act_for() -> ResponseReturnValue:
    """As whom the signer may enter: choose, or read why there is nobody."""
    try:
        people = entering.people(_signed())
    except NoChallenge:
        return redirect(url_for("identity.login"), 303)
    return render(
        "identity/act_for.html",
        status=200 if people else 403,
        people=[_person(row) for row in people],
        locked=str(LOCKED),
        numbered=bool(session.get(entering.NUMBERED)),
        next=urls.safe_next(session.get(entering.NEXT)),
    )


@blueprint.post("/login/act-for")
@public
def choose() -> ResponseReturnValue:
    """Enter as the one chosen."""
    chosen = number_of(request.form.get("person", ""))
    if chosen is None:
        abort(422, str(lazy_gettext("Choose for whom you act.")))
    return _entered(lambda: entering.enter(_signed(), chosen))


@blueprint.post("/login/apply")
@public
def apply() -> ResponseReturnValue:
    """Enter as somebody whom nobody knows, to apply for an organiser."""
    return _entered(lambda: entering.apply_as_newcomer(_signed()))


@blueprint.post("/login/demo/<int:person_id>")
@public
def login_demo(person_id: int) -> ResponseReturnValue:
    """Enter as a demo identity, whose own key signs."""
    if person_id > LARGEST_ID:
        abort(403)
    session[entering.NEXT] = urls.safe_next(request.form.get("next"))
    algorithm = request.form.get("algorithm", "")
    return _entered(lambda: entering.enter_as_demo(person_id, algorithm))


@blueprint.post("/login/demo")
@public
def login_operator() -> ResponseReturnValue:
    """Enter as the demo identity chosen from a list."""
    chosen = number_of(request.form.get("person", ""))
    if chosen is None:
        abort(422, str(lazy_gettext("Choose an operator from the list.")))
    return login_demo(chosen)


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the session."""
    sessions.sign_out()
    answer = redirect(urls.HOME, 303)
    answer.headers["Clear-Site-Data"] = '"storage"'  # browsers heed it over TLS
    return answer


def posted() -> bytes:
    """The signature of a form: the file, else what was pasted; empty for neither."""
    file = request.files.get("signature_file")
    data = file.read(evidence.LARGEST + 1) if file and file.filename else b""
    return data or request.form.get("signature", "").strip().encode()


def text_file(given: Challenge) -> Response:
    """A text to be signed, to be saved as it is."""
    answer = Response(given.data, mimetype="application/octet-stream")
    name = f"dozir-{given.purpose}-{str(given.id)[:8]}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def number_of(text: str) -> int | None:
    """The id of a person in a form."""
    fits = text.isascii() and text.isdecimal() and len(text) <= urls.LONGEST_ID
    return int(text) if fits and int(text) <= LARGEST_ID else None


def _admit() -> None:
    if not turnstile.admits(request.remote_addr):
        raise TooManyRequests(retry_after=RETRY_SECONDS)


def _json_answer() -> tuple[object, bytes]:
    body = request.get_json(silent=True)
    told = body if isinstance(body, dict) else {}
    signature = told.get("signature")
    return told.get("challenge"), signature.encode() if isinstance(signature, str) else b""


def _wanted() -> str | None:
    if not request.is_json:
        return request.form.get("next")
    told = request.get_json(silent=True)
    wanted = told.get("next") if isinstance(told, dict) else None
    return wanted if isinstance(wanted, str) else None


def _for_widgets(given: Challenge) -> dict[str, Any]:
    return {
        "challenge": str(given.id),
        "text": given.content,
        "content": given.base64,
        "sha256": given.sha256,
        "expires_at": given.expires_at.isoformat(),
    }


def _signed() -> int:
    kept = session.get(entering.SIGNED)
    return kept if isinstance(kept, int) else 0


def _next_step(signature: int) -> str:
    """Enter where there is one to enter as; else the address of the page that asks or explains."""
    people = entering.people(signature)
    wanted = session.get(entering.NEXT) or urls.HOME
    if len(people) == 1 and not people[0]["locked"]:
        with suppress(PermissionError):  # ended or locked this very moment: the page says so
            entering.enter(signature, people[0]["id"])
            return urls.safe_next(wanted)
    return url_for("identity.act_for")


def _entered(enter: Any) -> ResponseReturnValue:
    wanted = urls.safe_next(session.get(entering.NEXT))
    try:
        enter()
    except NoChallenge:
        return redirect(url_for("identity.login"), 303)
    except (PermissionError, Unready, Refused):
        abort(403)
    return redirect(wanted, 303)


def _refused(why: Refusal) -> ResponseReturnValue:
    if request.is_json:
        return jsonify(verdict=why.verdict, reason=why.code, message=why.text), 422
    return _page(status=422, refusal=why)


def _page(status: int = 200, refusal: Refusal | None = None) -> ResponseReturnValue:
    people: list[db.Row] = []
    unready: LazyString | None = None
    try:
        with db.portal() as conn:
            people = demo_signers.identities(conn)
        evidence.trusted()
    except Unready as problem:
        unready = problem.text
    over = refusal is not None and refusal.code == "challenge_over"
    officials = [_official(row) for row in people if row["role"] in ICONS]
    operators = [_operator(row) for row in people if row["role"] == "operator"]
    return render(
        "identity/login.html",
        status=status,
        unready=unready,
        refusal=refusal,
        challenge=None if unready else entering.renew() if over else entering.challenge(),
        pasted=request.form.get("signature", ""),
        algorithms=demo_signers.ALGORITHMS,
        identities=people,
        officials=officials,
        operators=sorted(operators, key=lambda one: alphabetical(one.organisation)),
        next=urls.safe_next(request.values.get("next")),
    )


def _official(row: db.Row) -> Identity:
    return Identity(
        row["id"],
        row[f"name_{language()}"],
        row[f"organisation_{language()}"],
        role_label=row[f"role_{language()}"],
        about=row[f"about_{language()}"],
        icon=ICONS[row["role"]],
    )


def _operator(row: db.Row) -> Identity:
    return Identity(
        row["id"],
        row[f"name_{language()}"],
        row[f"organisation_{language()}"],
        code=row["operator_code"] or "",
    )


def _person(row: db.Row) -> Identity:
    return Identity(
        row["id"],
        row[f"name_{language()}"],
        row[f"organisation_{language()}"],
        code=row["operator_code"] or "",
        role_label=str(ROLE_LABELS[row["role"]]),
        locked=row["locked"],
    )
