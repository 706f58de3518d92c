"""One OCSP answer (RFC 6960), whatever algorithm it is signed with.

Libraries ask the issuer's key for what a DSTU key has not got, so this is our own. SHA-1 is met in
the identifiers of certificates and responders only, where it names things and proves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, ocsp

from portal.identity.signatures import algorithms, asn1, certificates, keys
from portal.identity.signatures.algorithms import AlgorithmRefused
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate

LARGEST = 256 * 1024
_SHA1 = "1.3.14.3.2.26"
_BASIC = "1.3.6.1.5.5.7.48.1.1"
_REASONS = {"certificate_hold": 6, "remove_from_crl": 8}


@dataclass(frozen=True)
class Single:
    """What an answer says of one certificate; ``revoked_at`` None: it is good. Times are UTC."""

    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None
    reason: int


@dataclass(frozen=True, eq=False)
class OcspAnswer:
    """A successful basic answer."""

    der: bytes
    basic: Any
    certificates: tuple[Certificate, ...]

    def about(self, certificate: Certificate, issuer: Certificate) -> Single | None:
        """What it says of a certificate; None if nothing, or that it does not know."""
        try:
            for one in self.basic["tbs_response_data"]["responses"]:
                if _is_about(one["cert_id"], certificate, issuer):
                    return _single(one)
        except asn1.UNREADABLE:
            pass
        return None

    def responder(self, issuer: Certificate) -> Certificate | None:
        """Who signed it: the issuer or a delegate that the issuer certified; None: nobody such."""
        for one in (issuer, *self.certificates):
            try:
                if self._names(one) and self._signed_by(one) and _is_delegate(one, issuer):
                    return one
            except (AlgorithmRefused, *asn1.UNREADABLE):
                continue
        return None

    def _names(self, certificate: Certificate) -> bool:
        identifier = self.basic["tbs_response_data"]["responder_id"]
        if identifier.name == "by_name":
            # Within the choice, without its tag.
            return bool(identifier.chosen.chosen.dump() == certificate.subject_der)
        key = bytes(identifier.chosen)
        return key in {
            hashlib.sha1(_key_bits(certificate), usedforsecurity=False).digest(),
            certificate.key_identifier,
        }

    def _signed_by(self, certificate: Certificate) -> bool:
        return keys.verify(
            certificate.spki,
            algorithms.scheme(self.basic["signature_algorithm"].dump()),
            asn1.bit_string(self.basic["signature"]),
            self.basic["tbs_response_data"].dump(),
            wrapped=True,
        )


def _is_delegate(certificate: Certificate, issuer: Certificate) -> bool:
    """The issuer itself, or a certificate by it for signing such answers (RFC 6960, 4.2.2.2)."""
    if certificate == issuer:
        return True
    return (
        certificate.issuer_der == issuer.subject_der
        and certificates.OCSP_SIGNING in certificate.purposes
        and certificate.is_signed_by(issuer.spki)
    )


def _is_about(told: Any, certificate: Certificate, issuer: Certificate) -> bool:
    if told["serial_number"].native != certificate.serial:
        return False
    of = _hash(asn1.algorithm(told["hash_algorithm"].dump())[0])
    return bool(
        of is not None
        and bytes(told["issuer_name_hash"]) == of(certificate.issuer_der)
        and bytes(told["issuer_key_hash"]) == of(_key_bits(issuer))
    )


def _hash(oid: str) -> Callable[[bytes], bytes] | None:
    if oid == _SHA1:
        return lambda data: hashlib.sha1(data, usedforsecurity=False).digest()
    found = algorithms.DIGESTS.get(oid)
    return found.of if found else None


def _key_bits(certificate: Certificate) -> bytes:
    return keys.key_bits(certificate.spki)


def _single(one: Any) -> Single | None:
    status = one["cert_status"]
    following = one["next_update"]
    revoked, reason = None, 0
    if status.name == "revoked":
        revoked = status.chosen["revocation_time"].native.astimezone(UTC)
        reason = _REASONS.get(status.chosen["revocation_reason"].native or "", 0)
    elif status.name != "good":
        return None
    for extension in one["single_extensions"] if one["single_extensions"].native else ():
        if extension["critical"].native:
            return None
    return Single(
        this_update=one["this_update"].native.astimezone(UTC),
        next_update=None if isinstance(following, core.Void) else following.native.astimezone(UTC),
        revoked_at=revoked,
        reason=reason,
    )


def load(data: bytes) -> OcspAnswer:
    """An answer from DER. Raises Malformed, also for one that is not successful."""
    if len(data) > LARGEST:
        raise Malformed("an OCSP answer too large")
    asn1.check(data)
    with asn1.reading("an OCSP answer"):
        told = ocsp.OCSPResponse.load(data, strict=True)
        if told["response_status"].native != "successful":
            raise Malformed("an OCSP answer without success")
        body = told["response_bytes"]
        if body["response_type"].dotted != _BASIC:
            raise Malformed("an OCSP answer of another type")
        inner = bytes(body["response"])
        asn1.check(inner)
        basic = ocsp.BasicOCSPResponse.load(inner, strict=True)
        for extension in basic["tbs_response_data"]["response_extensions"] or ():
            if extension["critical"].native:
                raise Malformed("an OCSP answer with a condition that is not understood")
        held = basic["certs"]
        found = [] if isinstance(held, core.Void) else [one.dump() for one in held][:8]
        return OcspAnswer(data, basic, tuple(certificates.load(der) for der in found))
