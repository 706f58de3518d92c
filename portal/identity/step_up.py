"""Decisions that are signed: asked for in words, signed like a sign-in, kept beside the decision.

A view that has read its form whole calls :func:`ask`; while that answers with a page, the view
returns it. Then it decides in one transaction and calls :func:`keep` within it::

    if (page := step_up.ask("licence_revoke", facts)) is not None:
        return page
    with current_viewer().reading() as conn:
        gateway.revoke_licence(conn, record_id, grounds)
        step_up.keep(conn, "licence", record_id, operator_id)

The page holds the form's own fields, hidden, and comes to the same address again. What was signed
is what is done: the text names the SHA-256 of address and fields, which are compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from flask import abort, g, request
from flask.typing import ResponseReturnValue
from psycopg.types.json import Jsonb
from werkzeug.exceptions import TooManyRequests

from portal import db
from portal.identity import challenges, demo_signers, entering, evidence, login
from portal.identity.challenges import Challenge
from portal.identity.entering import NoChallenge, Refusal
from portal.identity.evidence import Evidence, Unready
from portal.identity.login import current_viewer
from portal.identity.signatures.reasons import Refused, Verdict
from portal.identity.signed_actions import SIGNED_ACTIONS, in_words
from portal.identity.views import posted, turnstile
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render

Facts = Sequence[tuple[str, str]]
OWN_FIELDS = frozenset(("csrf_token", "challenge", "signature", "signature_file", "demo"))
OTHER_SIGNER = lazy_gettext(
    "The signature is valid, but somebody else's: its certificate does not hold your taxpayer's"
    " number. Sign with your own key."
)


@dataclass(frozen=True)
class Signed:
    """A challenge of the viewer's session and the signature that answers it."""

    challenge: Challenge
    browser: bytes
    evidence: Evidence


def ask(purpose: str, facts: Facts) -> ResponseReturnValue | None:
    """The page on which ``purpose`` is signed, or None once the request holds its signature.

    ``facts`` say in pairs of a name and a value what is decided; they are part of what is signed.
    """
    if purpose not in SIGNED_ACTIONS:
        raise ValueError(f"not an act that is signed: {purpose}")
    browser = challenges.of_session(current_viewer().session_id)
    refusal = None
    if request.form.get("challenge"):
        try:
            g.step_up = _answer(purpose, browser)
        except Unready:
            pass
        except (Refused, NoChallenge) as problem:
            refusal = entering.refusal(problem)
        except PermissionError:
            refusal = Refusal("other_signer", Verdict.INVALID, str(OTHER_SIGNER))
        else:
            return None
    if refusal is not None:
        with current_viewer().reading() as conn:
            told = Jsonb({"purpose": purpose, "reason": refusal.code})
            db.call(conn, "api.note", "step_up_refused", None, None, told)
    return _page(purpose, facts, browser, refusal)


def keep(conn: db.Connection, kind: str, id_: object, operator_id: int | None = None) -> None:
    """Store the signature in the transaction of its decision; the session gets a new token.

    ``kind`` and ``id_`` name what was decided, ``operator_id`` whose it is.
    """
    signed: Signed | None = g.pop("step_up", None)
    if signed is None:  # it became possible after the view had found that it is not
        abort(409)
    token, digest = login.new_token()
    try:
        db.call(
            conn,
            "api.keep_signature",
            signed.challenge.id,
            signed.browser,
            signed.challenge.purpose,
            *signed.evidence.parameters(),
            operator_id,
            kind,
            str(id_),
            login.session_digest(),
            digest,
        )
    except psycopg.Error as problem:
        # Answered a second time at the very same moment.
        if problem.sqlstate in {"DZP01", "DZP04"}:
            abort(409)
        raise
    g.step_up_token = token


def go_on() -> None:
    """After a decision was committed: the browser learns its session's new token."""
    token = g.pop("step_up_token", None)
    if token is not None:
        login.go_on(token)


def _answer(purpose: str, browser: bytes) -> Signed:
    """Raises NoChallenge, Refused, Unready, PermissionError."""
    if not turnstile.admits(request.remote_addr):
        raise TooManyRequests(retry_after=10)
    wanted = request.form.get("challenge")
    with db.portal() as conn:
        given = challenges.find(conn, wanted, purpose, browser, trying=True)
        if given is None or given.request_sha256 != _request_sha256(purpose):
            raise NoChallenge
        signature = _demo_signature(conn, given) if request.form.get("demo") else posted()
    if not signature:
        raise Refused("signer_absent")
    found = evidence.judge(signature, given.data)
    if found.rnokpp is None or found.rnokpp != _own_number():
        raise PermissionError
    return Signed(given, browser, found)


def _demo_signature(conn: db.Connection, given: Challenge) -> bytes:
    row = demo_signers.identity(conn, current_viewer().person_id)
    return demo_signers.sign(row, request.form["demo"], given.data) if row else b""


def _own_number() -> str | None:
    with db.portal() as conn:
        number: str | None = db.call_value(conn, "api.own_number", login.session_digest())
        return number


def _request_sha256(purpose: str) -> bytes:
    """Of what was asked for: purpose, address, and every field in its order."""
    asked = [purpose, request.full_path, [list(pair) for pair in fields()]]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=True).encode()).digest()


def fields() -> Iterator[tuple[str, str]]:
    """The fields of the form that is to be decided on; line ends as they are stored."""
    for name, values in sorted(request.form.lists()):
        if name not in OWN_FIELDS:
            for value in values:
                yield name, value.replace("\r\n", "\n")


def _words(purpose: str, facts: Facts) -> list[str]:
    viewer = current_viewer()
    return [
        gettext("Dozir: %(act)s", act=str(SIGNED_ACTIONS[purpose])),
        "",
        *(f"{label}: {value}" for label, value in facts),
        gettext(
            "Signed by: %(name)s, %(organisation)s",
            name=viewer.display_name,
            organisation=viewer.organisation_name,
        ),
    ]


def _page(
    purpose: str, facts: Facts, browser: bytes, refusal: Refusal | None
) -> ResponseReturnValue:
    """The text, and the ways to sign it. An answer may be given again while the text counts."""
    unready: LazyString | None = None
    given = None
    try:
        evidence.trusted()
    except Unready as problem:
        unready = problem.text
    with db.portal() as conn:
        if refusal is not None:
            given = challenges.find(
                conn, request.form.get("challenge"), purpose, browser, trying=False
            )
        if given is None or given.request_sha256 != _request_sha256(purpose):
            given = challenges.issue(
                conn, purpose, browser, _words(purpose, facts), _request_sha256(purpose)
            )
        demo = demo_signers.identity(conn, current_viewer().person_id) if not unready else None
    return render(
        "identity/sign.html",
        status=503 if unready else 422 if refusal else 200,
        act=in_words(purpose),
        challenge=given,
        refusal=refusal,
        unready=unready,
        fields=list(fields()),
        pasted=request.form.get("signature", ""),
        algorithms=demo_signers.ALGORITHMS if demo else {},
    )
