"""CMS SignedData (RFC 5652) as plain values: read once, whole, within bounds.

DER and BER, DER within Base64 or PEM. Nothing is verified here but the form; what a signature
covers is kept byte for byte as it was sent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asn1crypto import core

from portal.identity.signatures import asn1
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.reasons import Refused

SIGNED_DATA, DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
TIME_STAMP_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (
    f"1.2.840.113549.1.9.{number}" for number in (3, 4, 5)
)
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
MOST_CERTIFICATES = 12
MOST_ATTRIBUTES = 50
_ARMOUR = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_ARMOURS = frozenset((b"CMS", b"PKCS7", b"PKCS #7 SIGNED DATA"))

Attributes = Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True)
class SignerInfo:
    """One signature: ``signed`` is the SET of signed attributes exactly as it was signed."""

    issuer: bytes | None
    serial: int | None
    key_identifier: bytes | None
    digest: bytes
    algorithm: bytes
    signature: bytes
    signed: bytes | None
    attributes: Attributes
    unsigned: Attributes


@dataclass(frozen=True)
class SignedData:
    """A message with its signatures; ``content`` is None where it is detached."""

    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    signers: tuple[SignerInfo, ...]


class _Attributes(core.SetOf):  # type: ignore[misc]
    _child_spec = asn1.Attribute


# Structures of our own: a library's parse what is inside by what else happens to be imported.
class _IssuerAndSerial(core.Sequence):  # type: ignore[misc]
    _fields = [("issuer", core.Any), ("serial", core.Integer)]


class _SignerIdentifier(core.Choice):  # type: ignore[misc]
    _alternatives = [
        ("issuer_and_serial", _IssuerAndSerial),
        ("key_identifier", core.OctetString, {"implicit": 0}),
    ]


class _SignerInfo(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("version", core.Integer),
        ("sid", _SignerIdentifier),
        ("digest", asn1.AlgorithmIdentifier),
        ("signed", _Attributes, {"implicit": 0, "optional": True}),
        ("algorithm", asn1.AlgorithmIdentifier),
        ("signature", core.OctetString),
        ("unsigned", _Attributes, {"implicit": 1, "optional": True}),
    ]


class _SignerInfos(core.SetOf):  # type: ignore[misc]
    _child_spec = _SignerInfo


class _Anything(core.SetOf):  # type: ignore[misc]
    _child_spec = core.Any


class _Encapsulated(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("type", core.ObjectIdentifier),
        ("content", core.OctetString, {"explicit": 0, "optional": True}),
    ]


class _SignedData(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("version", core.Integer),
        ("digests", _Anything),
        ("inner", _Encapsulated),
        ("certificates", _Anything, {"implicit": 0, "optional": True}),
        ("crls", _Anything, {"implicit": 1, "optional": True}),
        ("signers", _SignerInfos),
    ]


class _ContentInfo(core.Sequence):  # type: ignore[misc]
    _fields = [("type", core.ObjectIdentifier), ("content", core.Any, {"explicit": 0})]


def decoded(data: bytes) -> bytes:
    """The BER of a file that is BER, Base64 or PEM. Raises Refused (malformed)."""
    if data[:1] == b"\x30":
        return data
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(b"-----"):
        found = _ARMOUR.fullmatch(text)
        if not found or found[1] not in _ARMOURS:
            raise Refused("malformed", "not the PEM of a signature")
        text = found[2]
    try:
        plain = base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("malformed", "neither BER nor Base64") from None
    if plain[:1] != b"\x30":
        raise Refused("malformed", "no ASN.1 sequence")
    return plain


def read(ber: bytes) -> SignedData:
    """A SignedData from BER. Raises Refused: malformed, not_signed_data, attributes_malformed."""
    try:
        asn1.check(ber, definite=False)
        message = _ContentInfo.load(ber, strict=True)
        if message["type"].dotted != SIGNED_DATA:
            raise Refused("not_signed_data", message["type"].dotted)
        return _signed_data(message["content"].parse(_SignedData))
    except Malformed as problem:
        raise Refused("malformed", str(problem)) from problem
    except asn1.UNREADABLE as problem:
        raise Refused("malformed", type(problem).__name__) from problem


def _signed_data(told: Any) -> SignedData:
    content = told["inner"]["content"]
    held = told["certificates"]
    # The others are attribute certificates and forms that went out of use.
    certificates = [
        der for one in ([] if isinstance(held, core.Void) else held)
        if (der := one.dump())[:1] == b"\x30"
    ]  # fmt: skip
    if len(certificates) > MOST_CERTIFICATES:
        raise Refused("malformed", "too many certificates")
    return SignedData(
        content_type=told["inner"]["type"].dotted,
        content=None if isinstance(content, core.Void) else bytes(content),
        certificates=tuple(certificates),
        signers=tuple(_signer(one) for one in told["signers"]),
    )


def _signer(told: Any) -> SignerInfo:
    sid, chosen = told["sid"].name, told["sid"].chosen
    by_serial = sid == "issuer_and_serial"
    signed = None if isinstance(told["signed"], core.Void) else told["signed"].dump()
    if signed is not None:
        # The tag is [0] in the message and SET in what is signed (RFC 5652, 5.4). The attributes
        # stay in the order they came in: some tools sign another one than that of DER.
        signed = b"\x31" + signed[1:]
    unsigned = None if isinstance(told["unsigned"], core.Void) else told["unsigned"].dump()
    return SignerInfo(
        issuer=chosen["issuer"].dump() if by_serial else None,
        serial=chosen["serial"].native if by_serial else None,
        key_identifier=None if by_serial else bytes(chosen),
        digest=told["digest"].dump(),
        algorithm=told["algorithm"].dump(),
        signature=bytes(told["signature"]),
        signed=signed,
        attributes={} if signed is None else _attributes(signed, definite=True),
        unsigned={} if unsigned is None else _attributes(b"\x31" + unsigned[1:], definite=False),
    )


def _attributes(encoded: bytes, *, definite: bool) -> dict[str, tuple[bytes, ...]]:
    """Attributes by type; each type once."""
    found: dict[str, tuple[bytes, ...]] = {}
    try:
        asn1.check(encoded, definite=definite)
        told = _Attributes.load(encoded, strict=True)
        if len(told) > MOST_ATTRIBUTES:
            raise Refused("attributes_malformed", "too many attributes")
        for one in told:
            oid = one["type"].dotted
            if oid in found:
                raise Refused("attributes_malformed", f"attribute {oid} twice")
            found[oid] = tuple(value.dump() for value in one["values"])
    except asn1.UNREADABLE as problem:
        raise Refused("attributes_malformed", "attributes that cannot be read") from problem
    return found
