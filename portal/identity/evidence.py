"""Judging a signature as the portal does, and what is kept of one that counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from portal.config import settings
from portal.identity.signatures import cms, standing
from portal.identity.signatures.policy import PolicyInvalid
from portal.identity.signatures.reasons import REASONS, Refused, Verdict
from portal.identity.signatures.trust import Trust, TrustInvalid
from portal.identity.signatures.verifying import Result
from portal.web.i18n import LazyString, lazy_gettext

# More than any signature of a person with its time-stamps has.
LARGEST = 256 * 1024


class Unready(Exception):
    """Nothing can be judged here; ``text`` says why, to people."""

    def __init__(self, text: LazyString) -> None:
        super().__init__(str(text))
        self.text = text


NO_ANCHORS = lazy_gettext(
    "No authority is trusted on this installation yet, so no signature can be checked. The"
    " administrator loads the trusted list."
)
MIXED = lazy_gettext(
    "This installation is a demonstration, but trusts real authorities. Nobody can enter until the"
    " administrator ends one or the other."
)


@dataclass(frozen=True)
class Evidence:
    """A signature that was found valid, with what it was judged by."""

    result: Result
    signature: bytes
    trust: Trust

    @property
    def rnokpp(self) -> str | None:
        """The taxpayer's number in the certificate."""
        return self.result.signer.rnokpp if self.result.signer else None

    def parameters(self) -> tuple[Jsonb, bytes, bytes, list[bytes]]:
        """As the database takes it: facts, signature, certificate, chain."""
        result = self.result
        if result.certificate is None or result.signer is None:
            raise ValueError("no evidence without a signer")
        signer: dict[str, Any] = vars(result.signer) | {
            "other_codes": [list(one) for one in result.signer.other_codes]
        }
        facts = {
            "signer": signer,
            "algorithm": f"{result.algorithm}, {result.key}",
            "signed_at": result.signed_at.isoformat() if result.signed_at else None,
            "stamped_at": result.stamped_at.isoformat() if result.stamped_at else None,
            "verdict": str(result.verdict),
            "verified_at": result.verified_at.isoformat(),
            "trust": {
                "demonstration": self.trust.is_demonstration,
                "anchors": [one.fingerprint for one in self.trust.anchors],
                "next_update": (
                    self.trust.next_update.isoformat() if self.trust.next_update else None
                ),
                "revocation": [
                    {
                        "source": one.source,
                        "as_of": one.as_of.isoformat(),
                        "sha256": [hashlib.sha256(der).hexdigest() for der in one.evidence],
                    }
                    for one in result.revocation
                ],
            },
        }
        return (
            Jsonb(facts),
            cms.decoded(self.signature),
            result.certificate.der,
            [one.der for one in result.chain],
        )


def trusted() -> Trust:
    """What is trusted here. Raises Unready where that is nothing, or not for this installation."""
    try:
        found = standing.current().trust()
    except (TrustInvalid, PolicyInvalid, OSError) as problem:
        raise Unready(NO_ANCHORS) from problem
    if not found.anchors:
        raise Unready(NO_ANCHORS)
    if found.is_demonstration != settings().demo:
        raise Unready(MIXED if settings().demo else NO_ANCHORS)
    return found


def judge(signature: bytes, content: bytes) -> Evidence:
    """Evidence that ``signature`` is a valid one of ``content``. Raises Refused, Unready."""
    if len(signature) > LARGEST:
        raise Refused("too_large")
    trust = trusted()
    result = standing.current().verify(signature, content)
    if result.verdict is not Verdict.VALID:
        raise Refused(result.reason or "malformed", result.detail)
    return Evidence(result, signature, trust)


def told(refusal: Refused) -> tuple[Verdict, str]:
    """The verdict of a refusal, and its sentence in the language of the request."""
    return refusal.verdict, str(REASONS[refusal.code].text)
