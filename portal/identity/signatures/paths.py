"""From a certificate to an anchor: building the chain, and validating it by RFC 5280.

The chain is built here, from the anchors outwards and along signatures that hold, so that what a
stranger puts into a message costs no more than one check for each pair. pyhanko-certvalidator then
validates it (validity, basic constraints, path length, key usage of authorities, names, policies,
critical extensions); signatures, DSTU 4145 among them, are checked by :mod:`keys` for it, with the
same allow-list as everything else. Revocation is :mod:`revocation`'s.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.sig_validate import SignatureValidator
from pyhanko_certvalidator.validate import async_validate_path

from portal.identity.signatures import algorithms, keys
from portal.identity.signatures.algorithms import AlgorithmRefused
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import UNDERSTOOD, Certificate
from portal.identity.signatures.reasons import Refused

MOST_PATHS = 8
LONGEST = 6  # certificates, anchor included
_UNCHECKED = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
)


class _OwnSignatures(SignatureValidator):
    """Checks certificates' signatures for the library, all algorithms alike."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: Any,
        signature_algorithm: Any,
        context: Any = None,  # noqa: ARG002 - of digests that we never leave open
    ) -> None:
        try:
            scheme = algorithms.scheme(signature_algorithm.dump())
            if keys.verify(public_key_info.dump(), scheme, signature, signed_data, wrapped=True):
                return
        except (AlgorithmRefused, Malformed) as problem:
            raise InvalidSignature(str(problem)) from problem
        raise InvalidSignature("the signature does not hold")


def validated(
    leaf: Certificate,
    candidates: Iterable[Certificate],
    anchors: Sequence[Certificate],
    moment: datetime,
) -> list[tuple[Certificate, ...]]:
    """The chains from ``leaf`` to the anchors, both included, that are valid at ``moment``.

    At least one, the shortest first; an authority may have several certificates.

    Raises Refused with what is wrong with the likeliest chain: chain_untrusted, chain_invalid,
    certificate_expired, certificate_not_yet_valid, critical_extension_unknown, algorithm_refused.
    """
    _usable(leaf)
    chains = _chains(leaf, candidates, anchors)
    if not chains:
        if not _algorithm_counts(leaf):
            raise Refused("algorithm_refused", "the certificate's own signature")
        raise Refused("chain_untrusted", _titled(leaf))
    valid, refusals = [], []
    for chain in chains:
        try:
            _validate(chain, moment)
            valid.append(chain)
        except Refused as refusal:
            refusals.append(refusal)
    if not valid:
        raise refusals[0]
    return valid


def _algorithm_counts(leaf: Certificate) -> bool:
    """Whether a certificate is signed in a way that counts at all."""
    try:
        return bool(leaf.scheme)
    except (AlgorithmRefused, Malformed):
        return False


def _chains(
    leaf: Certificate, candidates: Iterable[Certificate], anchors: Sequence[Certificate]
) -> list[tuple[Certificate, ...]]:
    """Chains along signatures that hold, shortest first; only authorities issue."""
    if leaf in anchors:
        return []  # who is trusted to issue does not sign for a person
    reached: list[tuple[Certificate, ...]] = [(anchor,) for anchor in anchors]
    pool = [one for one in dict.fromkeys(candidates) if one != leaf and one not in anchors]
    found: list[tuple[Certificate, ...]] = []
    for chain in reached:  # grows while it is walked through
        if _issued(leaf, chain[0]):
            found.append((leaf, *chain))
        if len(found) == MOST_PATHS:
            break
        if len(chain) < LONGEST - 1 and len(reached) < MOST_PATHS * (len(pool) + len(anchors)):
            reached.extend(
                (one, *chain)
                for one in pool
                if one not in chain and _is_authority(one) and _issued(one, chain[0])
            )
    return found


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's name and key match."""
    if certificate.issuer_der != issuer.subject_der:
        return False
    try:
        return certificate.is_signed_by(issuer.spki)
    except (AlgorithmRefused, Malformed):
        return False


def _is_authority(certificate: Certificate) -> bool:
    try:
        return certificate.is_authority
    except Malformed:
        return False


def _usable(certificate: Certificate) -> None:
    """Refuse critical extensions that nobody looks at (the library leaves the leaf's to us)."""
    for oid, (critical, _) in certificate.extensions.items():
        if critical and oid not in UNDERSTOOD:
            raise Refused("critical_extension_unknown", oid)


def _validate(chain: tuple[Certificate, ...], moment: datetime) -> None:
    *issued, anchor = chain
    if not _is_authority(anchor):
        raise Refused("chain_invalid", "the anchor is no authority")
    for one in reversed(chain):  # from the anchor, whose validity the library leaves to us
        if moment < one.not_before:
            raise Refused("certificate_not_yet_valid", _titled(one))
        if moment > one.not_after:
            raise Refused("certificate_expired", _titled(one))
    context = ValidationContext(
        trust_roots=[anchor.parsed],
        moment=moment,
        allow_fetching=False,
        revinfo_policy=_UNCHECKED,
        signature_validator=_OwnSignatures(),
    )
    leaf, *between = issued
    path = ValidationPath(
        CertTrustAnchor(anchor.parsed), [one.parsed for one in reversed(between)], leaf.parsed
    )
    try:
        _finish(async_validate_path(context, path))
    except NotYetValidError as problem:
        raise Refused("certificate_not_yet_valid", str(problem)) from problem
    except ExpiredError as problem:
        raise Refused("certificate_expired", str(problem)) from problem
    except (ValidationError, PathError, InvalidSignature) as problem:
        raise Refused("chain_invalid", str(problem)) from problem
    except (ValueError, TypeError, LookupError, AttributeError, NotImplementedError) as problem:
        # Certificates with extensions that asn1crypto cannot read.
        raise Refused("certificate_malformed", type(problem).__name__) from problem


def _finish(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine that waits for nothing, as nothing is fetched: no event loop is needed."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("path validation waited for something")


def _titled(certificate: Certificate) -> str:
    return str(certificate.parsed.subject.human_friendly)
