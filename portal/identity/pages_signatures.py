"""Signatures of decisions: who signed what and when, the file itself, and verifying it again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal import db
from portal.errors import NotFound
from portal.identity import challenges, evidence
from portal.identity.evidence import Unready
from portal.identity.login import Viewer, audience, current_viewer, signed_in_as
from portal.identity.signatures import standing
from portal.identity.signatures.reasons import REASONS
from portal.identity.signatures.verifying import Result
from portal.identity.signed_actions import in_words
from portal.identity.views import text_file
from portal.web.i18n import LazyString, language, lazy_gettext
from portal.web.rendering import render

READERS = ("operator", "regulator", "tax_service", "registrar", "auditor")
LARGEST_SIGNATURE = 2**63 - 1
VERDICTS: dict[str, tuple[LazyString, str]] = {
    "valid": (lazy_gettext("the signature is valid"), "ok"),
    "indeterminate": (lazy_gettext("it cannot be decided"), "warning"),
    "invalid": (lazy_gettext("the signature is invalid"), "danger"),
}
_COLUMNS = (
    "select s.*, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en"
    " from api.signature as s left join api.person as p on p.id = s.person_id"
)

blueprint = Blueprint("signatures", __name__, url_prefix="/signatures")


@blueprint.get("/<int:signature_id>")
@audience(*READERS)
def signature(signature_id: int) -> ResponseReturnValue:
    """A signature: what was signed, by whom, and what was known when it counted."""
    return _page(_found(signature_id))


@blueprint.get("/<int:signature_id>/verify")
@audience(*READERS)
def verify(signature_id: int) -> ResponseReturnValue:
    """Verify it again, for the moment at which it counted and by what is trusted now."""
    found = _found(signature_id)
    content = bytes(found["content"])
    try:
        evidence.trusted()
        result = standing.current().verify(
            bytes(found["cms"]), content, moment=found["verified_at"]
        )
    except Unready as problem:
        return _page(found, unready=problem.text)
    return _page(found, result=result)


@blueprint.get("/<int:signature_id>/file")
@audience(*READERS)
def file(signature_id: int) -> ResponseReturnValue:
    """The signature as it was made, for other programs."""
    found = _found(signature_id)
    if not _takes(current_viewer(), found):
        raise NotFound
    return _download(bytes(found["cms"]), "application/pkcs7-signature", signature_id, "p7s")


@blueprint.get("/<int:signature_id>/text")
@audience(*READERS)
def content(signature_id: int) -> ResponseReturnValue:
    """The text that was signed, byte for byte."""
    found = _found(signature_id)
    return _download(bytes(found["content"]), "application/octet-stream", signature_id, "txt")


@blueprint.get("/to-sign/<uuid:number>")
@audience(*READERS)
def challenge_text(number: UUID) -> ResponseReturnValue:
    """A text that this session is to sign, as a file."""
    purpose = request.args.get("purpose", "")
    browser = challenges.of_session(current_viewer().session_id)
    with db.portal() as conn:
        given = challenges.find(conn, number, purpose, browser, trying=False)
    if given is None:
        raise NotFound
    return text_file(given)


def signed_by(kind: str, id_: object) -> Markup:
    """The panel "Signed" of a record's page, empty where nothing of it was signed."""
    viewer = signed_in_as(*READERS)
    if viewer is None:
        return Markup()
    with viewer.reading() as conn:
        rows = conn.execute(
            _COLUMNS + " where s.object = %s and s.object_id = %s order by s.id desc limit 50",
            (kind, str(id_)),
        ).fetchall()
    if not rows:
        return Markup()
    return Markup(  # noqa: S704 - what the template made, escaped by it
        render_template("identity/_signed.html", signatures=[_named(viewer, one) for one in rows])
    )


def _found(signature_id: int) -> db.Row:
    viewer = current_viewer()
    if signature_id > LARGEST_SIGNATURE:
        raise NotFound
    with viewer.reading() as conn:
        row = conn.execute(_COLUMNS + " where s.id = %s", (signature_id,)).fetchone()
    if row is None:
        raise NotFound
    return _named(viewer, row)


def _named(viewer: Viewer, row: db.Row) -> db.Row:
    """With who signed: as the portal knows the person, else as the certificate says."""
    signer = row["signer"]
    name = row[f"name_{language()}"] or signer.get("common_name")
    organisation = row[f"organisation_{language()}"] or signer.get("organisation")
    return row | {
        "who": ", ".join(filter(None, (name, organisation))),
        "act": in_words(row["purpose"]),
        "takes": _takes(viewer, row),
    }


def _takes(viewer: Viewer, row: db.Row) -> bool:
    """A certificate has its holder's taxpayer's number: operators are not given an official's."""
    return viewer.role != "operator" or row["person_id"] == viewer.person_id


def _download(data: bytes, kind: str, signature_id: int, suffix: str) -> Response:
    answer = Response(data, mimetype=kind)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="dozir-signature-{signature_id}.{suffix}"'
    )
    return answer


def _page(
    found: db.Row, result: Result | None = None, unready: LazyString | None = None
) -> ResponseReturnValue:
    reason = REASONS[result.reason].text if result and result.reason else None
    return render(
        "identity/signature.html",
        signature=found,
        text=bytes(found["content"]).decode(),
        sha256=bytes(found["content_sha256"]).hex(),
        cms_sha256=hashlib.sha256(bytes(found["cms"])).hexdigest(),
        again=VERDICTS[result.verdict] if result else None,
        reason=reason,
        unready=unready,
        now=datetime.now(UTC),
    )
