"""The log's own pages, open to everyone: how it stands, what it is for, and a check of receipts."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from portal import db
from portal.identity.login import public, signed_in_as
from portal.ingest import vouching
from portal.ingest.checking import MAX_BYTES, Verdict, check, turnstile
from portal.ingest.currencies import currencies
from portal.ledger import words, words_log
from portal.transparency import keys
from portal.transparency.events import EPOCH_2000_US
from portal.transparency.notes import Kind
from portal.transparency.published import LogUnavailable, Newest
from portal.web.rendering import render

blueprint = Blueprint("ledger_log", __name__, url_prefix="/log")

# The document, and what a form adds to it.
_MOST_BYTES = MAX_BYTES + 64 * 1024
RETRY_SECONDS = 2
TOLD_FINDINGS = ("regulator", "auditor")  # of what the verifier found, everyone else of how much


@dataclass(frozen=True)
class Cosigned:
    """A witness of the policy, and when it cosigned the newest checkpoint; None: it has not."""

    name: str
    at: datetime | None


@dataclass(frozen=True)
class State:
    """The newest checkpoint as the page shows it."""

    origin: str
    size: int
    root: str
    note: str
    signed_at: datetime | None
    witnesses: list[Cosigned]
    quorum: str
    met: bool


@blueprint.url_value_preprocessor
def bound(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Nobody needs to sign in here, so nothing large is read, the token's check included."""
    request.max_content_length = _MOST_BYTES
    request.max_form_memory_size = _MOST_BYTES


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """How the log stands, what it is for, and the form to check a receipt."""
    return _page()


@blueprint.post("/check")
@public
def check_document() -> ResponseReturnValue:
    """Check what somebody pasted or chose as a file."""
    if not turnstile.admits(request.remote_addr):
        raise TooManyRequests(retry_after=RETRY_SECONDS)
    file = request.files.get("file")
    document = file.read(MAX_BYTES + 1) if file and file.filename else b""
    text = request.form.get("document", "")
    document = document or text.encode()
    if not document.strip():
        return _page(status=422, missing=True)
    verdict = check(document)
    return _page(verdict=verdict, text=text)


@blueprint.get("/receipt-key")
@public
def receipt_key() -> ResponseReturnValue:
    """The public keys that signed promises in receipts, the newest first: a verifier key of C2SP
    signed-note in each line.
    """
    try:
        origin = vouching.the_log().newest().checkpoint.origin
    except LogUnavailable as problem:
        raise ServiceUnavailable(retry_after=RETRY_SECONDS) from problem
    lines = "".join(f"{one.vkey()}\n" for one in keys.verifying_keys(origin))
    response = Response(lines, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/consistency")
@public
def consistency() -> ResponseReturnValue:
    """The proof that the log only grew between two sizes is the API's."""
    sizes: dict[str, Any] = {
        name: request.args[name] for name in ("from", "to") if name in request.args
    }
    return redirect(url_for("ingest.get_consistency", **sizes), 307)


def _page(
    status: int = 200, verdict: Verdict | None = None, text: str = "", *, missing: bool = False
) -> ResponseReturnValue:
    with db.portal() as conn:
        verified = db.call(conn, "api.last_verification")
    findings: list[db.Row] = []
    if verified and verified[0]["finding_count"] and (viewer := signed_in_as(*TOLD_FINDINGS)):
        with viewer.reading() as conn:
            findings = db.call(conn, "api.verification_findings")
    money = {number: (code, digits) for code, (number, digits) in currencies().items()}
    return render(
        "ledger/log.html",
        status=status,
        state=_state(),
        verified=verified[0] if verified else None,
        findings=findings,
        verdict=verdict,
        text=text,
        missing=missing,
        money=money,
        words=words,
        log_words=words_log,
        since_2000=_since_2000,
        since_1970=_since_1970,
    )


def _state() -> State | None:
    """None where there is no log yet, or none that can be read."""
    log = vouching.the_log()
    try:
        newest, policy, judged = log.newest(), log.policy(), log.judged()
    except LogUnavailable:
        return None
    return State(
        newest.checkpoint.origin,
        newest.checkpoint.size,
        base64.b64encode(newest.checkpoint.root).decode(),
        newest.note,
        _signed_at(newest),
        [Cosigned(one.name, _moment(judged.cosigned.get(one.name))) for one in policy.witnesses],
        policy.quorum,
        judged.met,
    )


def _signed_at(newest: Newest) -> datetime | None:
    """When the log signed it: its signatures with ML-DSA-44 carry a time."""
    times = [at for key, at in newest.signed.by.items() if key.kind is not Kind.ED25519]
    return _moment(max(times, default=None))


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _since_2000(microseconds: int) -> datetime:
    return datetime.fromtimestamp(946_684_800 + microseconds / 1_000_000, UTC)


def _since_1970(microseconds: int) -> datetime:
    return _since_2000(microseconds - EPOCH_2000_US)
