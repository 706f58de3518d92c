"""One CRL, read and checked for its scope; entries by serial, all of them.

Several entries of one serial happen: a suspension and its end. Indirect CRLs, those for only some
reasons, and those with conditions that are not understood are left aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from asn1crypto import core, crl, pem, x509
from cryptography import x509 as pyca
from cryptography.exceptions import UnsupportedAlgorithm

from portal.identity.signatures import algorithms, asn1, certificates, keys
from portal.identity.signatures.algorithms import AlgorithmRefused
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate

LARGEST = 32 * 1024 * 1024
LARGEST_NATIONAL = 4 * 1024 * 1024  # whose digest takes some 3 s a MB
MOST_VALUES = 6_000_000
CRL_NUMBER, DELTA, ISSUING_POINT = "2.5.29.20", "2.5.29.27", "2.5.29.28"
_UNDERSTOOD = frozenset((CRL_NUMBER, DELTA, ISSUING_POINT, certificates.AUTHORITY_KEY))
_REASONS = {
    pyca.ReasonFlags.certificate_hold: 6,
    pyca.ReasonFlags.remove_from_crl: 8,
}
_UNREADABLE = (
    *asn1.UNREADABLE, UnsupportedAlgorithm,
    pyca.DuplicateExtension, pyca.InvalidVersion, pyca.UnsupportedGeneralNameType,
)  # fmt: skip


@dataclass(frozen=True)
class Revoked:
    """An entry of a CRL; reason by RFC 5280's numbers, None without one."""

    serial: int
    at: datetime
    reason: int | None = None


@dataclass(frozen=True, eq=False)
class Crl:
    """A certificate revocation list. ``base_number`` is set for a delta; times are UTC."""

    der: bytes
    parsed: Any
    issuer_der: bytes
    this_update: datetime
    next_update: datetime
    number: int
    base_number: int | None
    scope: Any

    @cached_property
    def _entries(self) -> Mapping[int, Sequence[tuple[datetime, int]]]:
        """By serial: date and reason of each entry, in their order. Raises Malformed."""
        found: dict[int, list[tuple[datetime, int]]] = {}
        try:
            for entry in pyca.load_der_x509_crl(self.der):
                reason = 0
                for extension in entry.extensions:
                    if isinstance(extension.value, pyca.CRLReason):
                        reason = _REASONS.get(extension.value.reason, 0)
                    elif extension.critical:
                        raise Malformed("a CRL entry with a condition that is not understood")
                dated = (entry.revocation_date_utc, reason)
                found.setdefault(entry.serial_number, []).append(dated)
        except Malformed:
            raise
        except _UNREADABLE as problem:
            raise Malformed("entries of a CRL that cannot be read") from problem
        return found

    def entries(self, serial: int) -> Sequence[tuple[datetime, int]]:
        """Dates and reasons (RFC 5280's numbers 6 and 8; 0 for all others) of that serial."""
        return self._entries.get(serial, ())

    @property
    def is_readable(self) -> bool:
        """Whether every entry can be read."""
        try:
            return self._entries is not None
        except Malformed:
            return False

    @property
    def revoked(self) -> list[Revoked]:
        """Every entry, as a new list would have it; reasons other than 6 and 8 become 0."""
        return [
            Revoked(serial, at, reason)
            for serial, told in self._entries.items()
            for at, reason in told
        ]

    def concerns(self, certificate: Certificate) -> bool:
        """Whether the list is meant for certificates like this one, and for every reason."""
        scope = self.scope
        try:
            if scope is None:
                return True
            others = (
                "only_contains_user_certs" if certificate.is_authority else "only_contains_ca_certs"
            )
            partial = (others, "only_contains_attribute_certs", "indirect_crl", "only_some_reasons")
            if any(scope[name].native for name in partial):
                return False
            point = scope["distribution_point"]
            if isinstance(point, core.Void):
                return True
            own = _uris(point.chosen) if point.name == "full_name" else set()
            return bool(own & points(certificate))
        except _UNREADABLE:
            return False

    def is_signed_by(self, issuer: Certificate) -> bool:
        """Whether the issuer signed it and may sign lists."""
        try:
            if issuer.usage is not None and "crl_sign" not in issuer.usage:
                return False
            inner = self.parsed["tbs_cert_list"]["signature"].dump()
            outer = self.parsed["signature_algorithm"].dump()
            if inner != outer:
                return False
            scheme = algorithms.scheme(outer)
            if scheme.kind == "dstu4145" and len(self.der) > LARGEST_NATIONAL:
                return False
            return keys.verify(
                issuer.spki,
                scheme,
                asn1.bit_string(self.parsed["signature"]),
                self.parsed["tbs_cert_list"].dump(),
                wrapped=True,
            )
        except (AlgorithmRefused, *_UNREADABLE):
            return False

    def extends(self, base: Crl) -> bool:
        """Whether this is a delta to that list (RFC 5280, 5.2.4)."""
        return (
            self.base_number is not None
            and base.number >= self.base_number
            and self.number > base.number
            and _scope_der(self) == _scope_der(base)
        )


def _scope_der(one: Crl) -> bytes:
    return b"" if one.scope is None else bytes(one.scope.dump())


def load(data: bytes) -> Crl:
    """A CRL from DER or PEM. Raises Malformed."""
    if len(data) > LARGEST:
        raise Malformed("a CRL too large")
    if pem.detect(data):
        with asn1.reading("a PEM file"):
            _, _, data = pem.unarmor(data)
    asn1.check(data, most=MOST_VALUES)
    with asn1.reading("a CRL"):
        parsed = crl.CertificateList.load(data, strict=True)
        tbs = parsed["tbs_cert_list"]
        extensions = _extensions(tbs["crl_extensions"])
        return Crl(
            der=data,
            parsed=parsed,
            issuer_der=tbs["issuer"].dump(),
            this_update=tbs["this_update"].native.astimezone(UTC),
            next_update=tbs["next_update"].native.astimezone(UTC),
            number=_number(extensions.get(CRL_NUMBER)) or 0,
            base_number=_number(extensions.get(DELTA)),
            scope=_scope(extensions.get(ISSUING_POINT)),
        )


def _extensions(told: Any) -> dict[str, bytes]:
    found = asn1.extensions(told, 0)
    if any(critical and oid not in _UNDERSTOOD for oid, (critical, _) in found.items()):
        raise Malformed("a CRL with a condition that is not understood")
    return {oid: value for oid, (_, value) in found.items()}


def _number(der: bytes | None) -> int | None:
    return None if der is None else int(core.Integer.load(der, strict=True).native)


def _scope(der: bytes | None) -> Any:
    if der is None:
        return None
    asn1.check(der)
    found = crl.IssuingDistributionPoint.load(der, strict=True)
    _ = found.native
    return found


def _uris(names: Any) -> set[str]:
    return {one.chosen.native for one in names if one.name == "uniform_resource_identifier"}


def points(certificate: Certificate) -> set[str]:
    """Addresses of a certificate's distribution points, full and delta. Raises Malformed."""
    found: set[str] = set()
    for oid in (certificates.CRL_POINTS, certificates.FRESHEST_CRL):
        der = certificate.extension(oid)
        if der is None:
            continue
        with asn1.reading("distribution points"):
            asn1.check(der)
            for one in x509.CRLDistributionPoints.load(der, strict=True):
                point = one["distribution_point"]
                if not isinstance(point, core.Void) and point.name == "full_name":
                    found |= _uris(point.chosen)
    return found
