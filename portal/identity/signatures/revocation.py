"""Whether a certificate was revoked: CRLs (RFC 5280, 6.3) and OCSP answers (RFC 6960).

Evidence is what somebody fetched before; nothing is fetched here. A piece that is damaged, signed
by somebody else, of another scope or out of date counts as absent, and without evidence the answer
is "unknown", never "good".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.crls import Crl
from portal.identity.signatures.ocsp import OcspAnswer

HOLD, REMOVED = 6, 8  # the reasons of RFC 5280, 5.3.1, that are not final


class Status(IntEnum):
    """What evidence says of a certificate, the worse the higher."""

    GOOD = 0
    SUSPENDED = 1
    REVOKED = 2


@dataclass(frozen=True)
class Finding:
    """A piece of evidence that counts: the state it tells, of which moment, and the piece itself
    (``source`` is CRL or OCSP; ``evidence`` its DER, of a delta after its list's, to be kept beside
    a signature)."""

    status: Status
    as_of: datetime
    source: str
    evidence: tuple[bytes, ...] = field(repr=False)
    since: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """The moment a signature is judged at, the present, and how far clocks may differ."""

    moment: datetime
    now: datetime
    tolerance: timedelta
    longest_ocsp: timedelta

    def covers(self, begin: datetime, end: datetime | None, certificate: Certificate) -> bool:
        """Whether evidence of ``begin``, good until ``end``, tells of the moment.

        What was published after the moment tells of it too, as revocations bear their date, unless
        the certificate had expired by then, as expired ones are left out. What claims to come from
        the future does not count.
        """
        last = end if end is not None else begin + self.longest_ocsp
        return (
            begin <= min(self.now + self.tolerance, certificate.not_after)
            and self.moment <= last + self.tolerance
        )


def decide(
    certificate: Certificate,
    issuer: Certificate,
    crls: Sequence[Crl],
    answers: Sequence[OcspAnswer],
    clock: Clock,
) -> Finding | None:
    """What the evidence says of a certificate; None where none counts.

    A revocation is final, so any piece that tells of one decides; else the latest piece does, as a
    suspension may have been lifted.
    """
    found = _from_ocsp(certificate, issuer, crls, answers, clock)
    found += _from_crls(certificate, issuer, crls, clock)
    if not found:
        return None
    return max(found, key=lambda one: (one.status is Status.REVOKED, one.as_of, one.status))


def _from_crls(
    certificate: Certificate, issuer: Certificate, crls: Iterable[Crl], clock: Clock
) -> list[Finding]:
    usable = [
        one
        for one in crls
        if one.issuer_der == certificate.issuer_der
        and clock.covers(one.this_update, one.next_update, certificate)
        and one.concerns(certificate)
        and one.is_signed_by(issuer)
        and one.is_readable
    ]
    deltas = [one for one in usable if one.base_number is not None]
    found = []
    for base in usable:
        if base.base_number is not None:
            continue
        # Each delta tells of all that changed since its base, so the newest says everything.
        newest = max(
            (one for one in deltas if one.extends(base)), key=lambda one: one.number, default=base
        )
        entries = newest.entries(certificate.serial) or base.entries(certificate.serial)
        found.append(_by_entries(entries, base, newest, clock.moment))
    return found


def _by_entries(
    entries: Sequence[tuple[datetime, int]], base: Crl, newest: Crl, moment: datetime
) -> Finding:
    """What the entries at or before the moment say: a revocation, if there is one, else the last
    of them, as a suspension may be followed by its end."""
    pieces = (base.der,) if newest is base else (base.der, newest.der)
    until_then = [one for one in entries if one[0] <= moment]
    if not until_then:
        return Finding(Status.GOOD, newest.this_update, "CRL", pieces)
    final = [one for one in until_then if _status(one[1]) is Status.REVOKED]
    # Of entries of the same moment the one that stands later in the list.
    since, reason = max(enumerate(final or until_then), key=lambda one: (one[1][0], one[0]))[1]
    return Finding(_status(reason), newest.this_update, "CRL", pieces, since)


def _status(reason: int) -> Status:
    return {HOLD: Status.SUSPENDED, REMOVED: Status.GOOD}.get(reason, Status.REVOKED)


def _from_ocsp(
    certificate: Certificate,
    issuer: Certificate,
    crls: Sequence[Crl],
    answers: Iterable[OcspAnswer],
    clock: Clock,
) -> list[Finding]:
    found = []
    for answer in answers:
        single = answer.about(certificate, issuer)
        if single is None:
            continue
        if not clock.covers(single.this_update, single.next_update, certificate):
            continue
        responder = answer.responder(issuer)
        if responder is None or not _may_respond(responder, issuer, crls, clock):
            continue
        if single.revoked_at is None or single.revoked_at > clock.moment:
            found.append(Finding(Status.GOOD, single.this_update, "OCSP", (answer.der,)))
        else:
            status = _status(single.reason)
            found.append(
                Finding(status, single.this_update, "OCSP", (answer.der,), single.revoked_at)
            )
    return found


def _may_respond(
    responder: Certificate, issuer: Certificate, crls: Sequence[Crl], clock: Clock
) -> bool:
    """Whether a responder may speak for the issuer: the issuer itself, or who it delegated to.

    A delegate that does not ask to be left unchecked must itself not be revoked, by CRL.
    """
    if responder == issuer:
        return True
    if not responder.not_before <= clock.moment <= responder.not_after:
        return False
    if responder.is_unchecked:
        return True
    found = _from_crls(responder, issuer, crls, clock)
    return bool(found) and max(found, key=lambda one: one.as_of).status is Status.GOOD
