"""Time-stamps within signatures (RFC 3161, CAdES-T), by authorities of any algorithm.

A stamp that belongs to another signature or does not hold makes the signature invalid. One that
holds by an authority that is not trusted here is told as such and proves nothing. The verdict never
rests on a stamp: signatures are judged at the moment that was asked for.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from asn1crypto import tsp

from portal.identity.signatures import algorithms, asn1, certificates, cms, paths, revocation
from portal.identity.signatures.algorithms import AlgorithmRefused
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.checking import checked_signer
from portal.identity.signatures.policy import Policy
from portal.identity.signatures.reasons import Refused
from portal.identity.signatures.revocation import Clock, Status
from portal.identity.signatures.trust import Trust


@dataclass(frozen=True)
class TimeStamp:
    """When the signature existed, by an authority, and whether that one is trusted here."""

    at: datetime
    trusted: bool


def read(token: bytes, signature: bytes, trust: Trust, clock: Clock, rules: Policy) -> TimeStamp:
    """A time-stamp of ``signature``. Raises Refused (time_stamp_wrong)."""
    try:
        return _read(token, signature, trust, clock, rules)
    except (Refused, Malformed, AlgorithmRefused) as problem:
        raise Refused("time_stamp_wrong", str(problem)) from problem
    except asn1.UNREADABLE as problem:
        raise Refused("time_stamp_wrong", type(problem).__name__) from problem


def _read(token: bytes, signature: bytes, trust: Trust, clock: Clock, rules: Policy) -> TimeStamp:
    data = cms.read(token)
    if data.content_type != cms.TIME_STAMP_INFO or data.content is None:
        raise Malformed("not a time-stamp")
    if len(data.signers) != 1:
        raise Malformed("a time-stamp with other than one signature")
    asn1.check(data.content)
    told = tsp.TSTInfo.load(data.content, strict=True)
    imprint = told["message_imprint"]
    digest = algorithms.digest_of(imprint["hash_algorithm"].dump())
    if not hmac.compare_digest(bytes(imprint["hashed_message"]), digest.of(signature)):
        raise Malformed("it belongs to another signature")
    at: datetime = told["gen_time"].native.astimezone(UTC)
    authorities = (*trust.intermediates, *trust.anchors)
    # Many authorities leave their certificate out, or name it by the older attribute.
    lenient = replace(rules, signers_certificate_inside=False, signing_certificate_v2=False)
    try:
        checked = checked_signer(data, data.signers[0], data.content, lenient, authorities)
    except Refused as refusal:
        if refusal.code == "certificate_absent":
            return TimeStamp(at, trusted=False)
        raise
    held = [certificates.load(der) for der in data.certificates]
    trusted = _is_trusted(checked.certificate, held, trust, clock)
    return TimeStamp(at, trusted)


def _is_trusted(
    authority: Certificate, held: list[Certificate], trust: Trust, clock: Clock
) -> bool:
    """Whether an authority for time-stamps chains to an anchor and is not revoked."""
    if certificates.TIME_STAMPING not in authority.purposes:
        return False
    try:
        chains = paths.validated(
            authority, [*trust.intermediates, *held], trust.anchors, clock.moment
        )
    except Refused:
        return False
    return any(
        all(
            (found := revocation.decide(one, issuer, trust.crls, trust.ocsp, clock)) is not None
            and found.status is Status.GOOD
            for one, issuer in pairwise(chain)
        )
        for chain in chains
    )
