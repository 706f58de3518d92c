"""Verifying one signature: the checks in their order, and what comes out.

The order is that of docs/signatures.md: form, content, attributes, the signature itself,
time-stamp, chain, the certificate's meaning, revocation. The first check that fails decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from portal.identity.signatures import (
    certificates,
    cms,
    keys,
    paths,
    persons,
    revocation,
    time_stamps,
)
from portal.identity.signatures import policy as policies
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.checking import Checked, checked_signature
from portal.identity.signatures.persons import Signer
from portal.identity.signatures.policy import Policy
from portal.identity.signatures.reasons import Refused, Verdict
from portal.identity.signatures.revocation import Clock, Finding, Status
from portal.identity.signatures.trust import Trust

UNEXPECTED = "unexpected:"
_UNEXPECTED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Result:
    """What a verification came to.

    ``reason`` is None for a valid signature, else a code of :data:`reasons.REASONS`. What is told
    of the signer is what the certificate claims; it is proven only where the verdict is valid.
    Times are UTC: ``signed_at`` is the signer's claim, ``stamped_at`` an authority's.
    """

    verdict: Verdict
    verified_at: datetime
    reason: str | None = None
    detail: str = ""
    signer: Signer | None = None
    algorithm: str | None = None
    key: str | None = None
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamp_trusted: bool | None = None
    certificate: Certificate | None = None
    chain: tuple[Certificate, ...] = ()
    revocation: tuple[Finding, ...] = field(default=())


def verify(
    signature: bytes,
    trust: Trust,
    *,
    content: bytes | None = None,
    moment: datetime | None = None,
    policy: Policy | None = None,
    supplied: tuple[Certificate, ...] = (),
) -> Result:
    """Judge one signature.

    ``signature`` is a file in BER, PEM or Base64; ``content`` what was to be signed: with it, an
    attached signature must hold the very same bytes. ``moment`` (default: now) is when it is
    judged at, ``supplied`` are certificates that may be the signer's where the policy lets it be
    outside of the file. Never raises for what the file holds.
    """
    now = datetime.now(UTC)
    rules = policy or policies.at(moment or now, policies.default())
    clock = Clock(
        moment or now,
        now,
        timedelta(seconds=rules.clock_seconds),
        timedelta(hours=rules.ocsp_hours),
    )
    told = Result(Verdict.INVALID, clock.moment)
    try:
        checked = checked_signature(signature, content, rules, supplied)
        return _judged(checked, trust, clock, rules)
    except _Told as stopped:
        refusal, told = stopped.refusal, stopped.told
    except Refused as problem:
        refusal = problem
    except _UNEXPECTED as problem:  # the fuzzing campaign fails for each that comes so far
        refusal = Refused("malformed", f"{UNEXPECTED} {type(problem).__name__}")
    return replace(told, verdict=refusal.verdict, reason=refusal.code, detail=refusal.detail)


class _Told(Exception):
    """A refusal together with what was found out before it."""

    def __init__(self, refusal: Refused, told: Result) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.told = told


def _judged(checked: Checked, trust: Trust, clock: Clock, rules: Policy) -> Result:
    leaf = checked.certificate
    told = Result(
        Verdict.VALID,
        clock.moment,
        algorithm=checked.scheme.name,
        key=keys.load(leaf.spki).name,
        certificate=leaf,
    )
    try:
        told = replace(told, signer=persons.read(leaf))
        signed_at = checked.signed_at
        told = replace(told, signed_at=signed_at)
        told = _stamped(told, checked, trust, clock, rules)
        held = [certificates.load(der) for der in checked.data.certificates]
        chains = paths.validated(leaf, [*trust.intermediates, *held], trust.anchors, clock.moment)
        told = replace(told, chain=chains[0])
        if trust.is_stale(clock.moment, timedelta(hours=rules.list_grace_hours)):
            raise Refused("trust_stale")
        _signing_time(signed_at, leaf, clock)
        _meaning(leaf, rules)
        chain, found = _unrevoked(chains, trust, clock)
        return replace(told, chain=chain, revocation=found)
    except Malformed as problem:
        raise _Told(Refused("certificate_malformed", str(problem)), told) from problem
    except Refused as refusal:
        raise _Told(refusal, told) from refusal


def _stamped(told: Result, checked: Checked, trust: Trust, clock: Clock, rules: Policy) -> Result:
    """The signature's time-stamps (CAdES-T), if it has some: each must fit, all are told."""
    for token in checked.info.unsigned.get(cms.SIGNATURE_TIME_STAMP, ()):
        stamp = time_stamps.read(token, checked.info.signature, trust, clock, rules)
        told = replace(told, stamped_at=stamp.at, stamp_trusted=stamp.trusted)
    return told


def _signing_time(signed_at: datetime | None, leaf: Certificate, clock: Clock) -> None:
    """The time that the signer claims: not in the future, and within the certificate's own."""
    if signed_at is None:
        return
    if signed_at > max(clock.moment, clock.now) + clock.tolerance:
        raise Refused("signing_time_wrong", "in the future")
    if not leaf.not_before - clock.tolerance <= signed_at <= leaf.not_after:
        raise Refused("signing_time_wrong", "outside of the certificate's time")


def _meaning(leaf: Certificate, rules: Policy) -> None:
    """What the certificate is for: a person's signature, qualified, under an accepted policy."""
    if leaf.is_authority or leaf.usage is None or rules.key_usage - leaf.usage:
        raise Refused("key_usage_wrong", ", ".join(sorted(leaf.usage or ())))
    if rules.certificate_policies and not rules.certificate_policies & leaf.policies:
        raise Refused("policy_wrong")
    told = leaf.statements
    if rules.qualified and not told & {
        certificates.QUALIFIED,
        certificates.NATIONAL_QUALIFIED,
    }:
        raise Refused("not_qualified")
    sealing = (
        certificates.SEAL_USAGE in leaf.purposes
        or certificates.TYPE_SEAL in told
        or (certificates.QUALIFIED_TYPE in told and certificates.TYPE_SIGNATURE not in told)
    )
    if sealing and not rules.seals:
        raise Refused("seal")
    if rules.secure_device and certificates.SECURE_DEVICE not in told:
        raise Refused("device_not_stated")


def _unrevoked(
    chains: Sequence[tuple[Certificate, ...]], trust: Trust, clock: Clock
) -> tuple[tuple[Certificate, ...], tuple[Finding, ...]]:
    """The first chain of which nothing was revoked, and the evidence. Raises Refused."""
    refusals = []
    for chain in chains:
        try:
            return chain, _evidence(chain, trust, clock)
        except Refused as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _evidence(chain: tuple[Certificate, ...], trust: Trust, clock: Clock) -> tuple[Finding, ...]:
    """What evidence says of each certificate below the anchor. Raises Refused."""
    found = []
    unknown = None
    for certificate, issuer in pairwise(chain):
        finding = revocation.decide(certificate, issuer, trust.crls, trust.ocsp, clock)
        if finding is None:
            unknown = unknown or certificate
            continue
        if finding.status is not Status.GOOD:
            since = f"since {finding.since:%Y-%m-%dT%H:%M:%SZ}, {finding.source}"
            code = "revoked" if finding.status is Status.REVOKED else "suspended"
            raise Refused(code, since)
        found.append(finding)
    if unknown is not None:
        raise Refused("revocation_unknown", str(unknown.parsed.subject.human_friendly))
    return tuple(found)
