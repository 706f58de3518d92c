"""Certificates: what of one counts here, read once and checked for its form.

Only the extensions that are used are parsed; real certificates carry odd ones. Profiles: RFC 5280,
ETSI EN 319 412-1, -2 and -5 (identifiers, natural persons, statements), and Ukraine's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from asn1crypto import core, pem, x509

from portal.identity.signatures import algorithms, asn1, keys
from portal.identity.signatures.algorithms import UA, Scheme
from portal.identity.signatures.asn1 import Malformed

LARGEST = 64 * 1024
COMMON_NAME, SURNAME, GIVEN_NAME = "2.5.4.3", "2.5.4.4", "2.5.4.42"
TITLE, ORGANISATION, UNIT = "2.5.4.12", "2.5.4.10", "2.5.4.11"
SERIAL_NUMBER, ORGANISATION_IDENTIFIER = "2.5.4.5", "2.5.4.97"
KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_USAGE = "2.5.29.15", "2.5.29.19", "2.5.29.37"
POLICIES, STATEMENTS, DIRECTORY_ATTRIBUTES = "2.5.29.32", "1.3.6.1.5.5.7.1.3", "2.5.29.9"
SUBJECT_KEY, AUTHORITY_KEY = "2.5.29.14", "2.5.29.35"
CRL_POINTS, FRESHEST_CRL = "2.5.29.31", "2.5.29.46"
NAME_CONSTRAINTS, POLICY_CONSTRAINTS, ANY_POLICY = "2.5.29.30", "2.5.29.36", "2.5.29.54"
POLICY_MAPPINGS, SUBJECT_NAMES = "2.5.29.33", "2.5.29.17"
AUTHORITY_ACCESS = "1.3.6.1.5.5.7.1.1"
NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
OCSP_SIGNING, TIME_STAMPING = "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.8"
SEAL_USAGE = f"{UA}.3.9"
QUALIFIED, SECURE_DEVICE, QUALIFIED_TYPE = (f"0.4.0.1862.1.{number}" for number in (1, 4, 6))
TYPE_SIGNATURE, TYPE_SEAL = f"{QUALIFIED_TYPE}.1", f"{QUALIFIED_TYPE}.2"
NATIONAL_QUALIFIED = f"{UA}.2.1"
NATIONAL_POLICY = f"{UA}.2.2"
# Directory attributes: RNOKPP (or a passport's number), EDRPOU, number in the demographic register.
PERSON_CODE, ORGANISATION_CODE = f"{UA}.11.1.4.1.1", f"{UA}.11.1.4.2.1"
DEMOGRAPHIC_NUMBER = f"{UA}.11.1.4.11.1"
# What a critical extension may be: whatever else is critical makes a certificate unusable.
UNDERSTOOD = frozenset((
    KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_USAGE, POLICIES, STATEMENTS, NAME_CONSTRAINTS,
    POLICY_CONSTRAINTS, POLICY_MAPPINGS, ANY_POLICY, SUBJECT_NAMES, SUBJECT_KEY, AUTHORITY_KEY,
))  # fmt: skip


class _Statement(core.Sequence):  # type: ignore[misc]
    _fields = [("id", core.ObjectIdentifier), ("info", core.Any, {"optional": True})]


class _Statements(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _Statement


class _Identifiers(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.ObjectIdentifier


class _DirectoryAttributes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = asn1.Attribute


@dataclass(frozen=True)
class Certificate:
    """One X.509 certificate. Equal are those whose bytes are; times are UTC."""

    der: bytes
    parsed: Any
    extensions: Mapping[str, tuple[bool, bytes]]
    subject: Mapping[str, tuple[str, ...]]
    serial: int
    issuer_der: bytes
    subject_der: bytes
    spki: bytes
    tbs: bytes
    algorithms: tuple[bytes, bytes]
    signature: bytes
    not_before: datetime
    not_after: datetime

    def __hash__(self) -> int:
        return hash(self.der)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the whole certificate, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def is_self_issued(self) -> bool:
        return self.issuer_der == self.subject_der

    @cached_property
    def scheme(self) -> Scheme:
        """How it is signed. Raises AlgorithmRefused, Malformed."""
        inner, outer = self.algorithms
        if inner != outer:
            raise Malformed("a certificate that names two signature algorithms")
        return algorithms.scheme(outer)

    def is_signed_by(self, spki: bytes) -> bool:
        """Whether that key signed it. Raises AlgorithmRefused, Malformed."""
        return keys.verify(spki, self.scheme, self.signature, self.tbs, wrapped=True)

    def extension(self, oid: str) -> bytes | None:
        """The DER of an extension's value; None where it is absent."""
        found = self.extensions.get(oid)
        return found[1] if found else None

    @cached_property
    def usage(self) -> frozenset[str] | None:
        """Key usage by asn1crypto's names; None without the extension. Raises Malformed."""
        value = self._read(KEY_USAGE, x509.KeyUsage)
        return None if value is None else frozenset(value.native)

    @cached_property
    def purposes(self) -> frozenset[str]:
        """Identifiers of the extended key usage; empty without it. Raises Malformed."""
        value = self._read(EXTENDED_USAGE, _Identifiers)
        return frozenset(one.dotted for one in value or ())

    @cached_property
    def is_authority(self) -> bool:
        """Whether basic constraints say so. Raises Malformed."""
        value = self._read(BASIC_CONSTRAINTS, x509.BasicConstraints)
        return bool(value is not None and value["ca"].native)

    @cached_property
    def policies(self) -> frozenset[str]:
        """Identifiers of the certificate policies. Raises Malformed."""
        value = self._read(POLICIES, x509.CertificatePolicies)
        return frozenset(one["policy_identifier"].dotted for one in value or ())

    @cached_property
    def statements(self) -> frozenset[str]:
        """Identifiers of the QCStatements, the types of QcType among them. Raises Malformed."""
        found = set()
        with asn1.reading("a certificate's statements"):
            for one in self._read(STATEMENTS, _Statements) or ():
                oid = one["id"].dotted
                found.add(oid)
                if oid == QUALIFIED_TYPE:
                    types = _Identifiers.load(one["info"].dump(), strict=True)
                    found |= {kind.dotted for kind in types}
        return frozenset(found)

    @property
    def is_unchecked(self) -> bool:
        """Whether a responder's certificate says that its own revocation need not be checked."""
        return NO_CHECK in self.extensions

    @cached_property
    def key_identifier(self) -> bytes | None:
        value = self._read(SUBJECT_KEY, core.OctetString)
        return None if value is None else bytes(value)

    @cached_property
    def directory_attributes(self) -> Mapping[str, tuple[str, ...]]:
        """Texts of the subject's directory attributes; empty ones left out. Raises Malformed."""
        found: dict[str, tuple[str, ...]] = {}
        with asn1.reading("a certificate's directory attributes"):
            for one in self._read(DIRECTORY_ATTRIBUTES, _DirectoryAttributes) or ():
                oid = one["type"].dotted
                if oid in {PERSON_CODE, ORGANISATION_CODE, DEMOGRAPHIC_NUMBER}:
                    texts = tuple(_text(value.dump()) for value in one["values"])
                    found[oid] = found.get(oid, ()) + tuple(text for text in texts if text)
        return found

    def _read(self, oid: str, kind: Any) -> Any:
        der = self.extension(oid)
        if der is None:
            return None
        with asn1.reading(f"extension {oid} of a certificate"):
            asn1.check(der)
            value = kind.load(der, strict=True)
            _ = value.native  # asn1crypto parses on reading: let it fail here
        return value


@lru_cache(maxsize=512)
def load(der: bytes) -> Certificate:
    """A certificate from DER. Raises Malformed."""
    if len(der) > LARGEST:
        raise Malformed("a certificate too large")
    asn1.check(der)
    with asn1.reading("a certificate"):
        parsed = x509.Certificate.load(der, strict=True)
        tbs = parsed["tbs_certificate"]
        return Certificate(
            der=der,
            parsed=parsed,
            extensions=asn1.extensions(tbs["extensions"], 3),
            subject=_names(tbs["subject"]),
            serial=tbs["serial_number"].native,
            issuer_der=tbs["issuer"].dump(),
            subject_der=tbs["subject"].dump(),
            spki=tbs["subject_public_key_info"].dump(),
            tbs=tbs.dump(),
            algorithms=(tbs["signature"].dump(), parsed["signature_algorithm"].dump()),
            signature=asn1.bit_string(parsed["signature_value"]),
            not_before=tbs["validity"]["not_before"].native,
            not_after=tbs["validity"]["not_after"].native,
        )


def load_all(data: bytes) -> list[Certificate]:
    """Every certificate of a file: one in DER, or one or more in PEM. Raises Malformed."""
    if not pem.detect(data):
        return [load(data)]
    try:
        found = [der for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]
    except ValueError as problem:
        raise Malformed("a PEM file that cannot be read") from problem
    if not found:
        raise Malformed("a PEM file without a certificate")
    return [load(der) for der in found]


def _names(name: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for relative in name.chosen:
        for pair in relative:
            oid = pair["type"].dotted
            text = _text(pair["value"].dump())
            if text:
                found[oid] = (*found.get(oid, ()), text)
    return found


_TEXTS: dict[int, str] = {
    12: "utf-8",  # UTF8String
    18: "ascii",  # NumericString
    19: "ascii",  # PrintableString
    20: "latin-1",  # TeletexString, as it is used
    22: "ascii",  # IA5String
    30: "utf-16-be",  # BMPString
}


def _text(der: bytes) -> str:
    """The text of a primitive string value; empty for values of other kinds. Raises Malformed."""
    encoding = _TEXTS.get(der[0]) if der else None
    if encoding is None:
        return ""
    with asn1.reading("a name"):
        contents: bytes = core.Any.load(der, strict=True).contents
        return contents.decode(encoding).strip()
