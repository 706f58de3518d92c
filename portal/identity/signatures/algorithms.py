"""Which algorithms count, and which go together.

An allow-list: MD5, SHA-1 and whatever is not named here are refused. A signature's scheme is the
triple of digest, signature algorithm and kind of key; a triple that does not fit is refused before
anything is computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from asn1crypto import core

from portal.identity.signatures.asn1 import (
    NULL,
    AlgorithmIdentifier,
    Malformed,
    algorithm,
    explicit,
    identifier,
    integer,
    sequence,
)
from portal.identity.signatures.crypto import gost34311, kupyna

KeyKind = Literal["rsa", "ec", "dstu4145"]
SchemeKind = Literal["rsa", "rsa-pss", "ecdsa", "dstu4145"]

UA = "1.2.804.2.1.1.1"
GOST34311 = f"{UA}.1.2.1"
KUPYNA256, KUPYNA384, KUPYNA512 = (f"{UA}.1.2.2.{number}" for number in (1, 2, 3))
DSTU4145_GOST = f"{UA}.1.3.1.1"  # polynomial basis, little-endian
SHA256, SHA384, SHA512 = (f"2.16.840.1.101.3.4.2.{number}" for number in (1, 2, 3))
RSA = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
EC = "1.2.840.10045.2.1"
_MGF1 = "1.2.840.113549.1.1.8"
_DEFAULT_SALT = 20


class AlgorithmRefused(Exception):
    """An algorithm, or a combination of them, that does not count; the message names it."""


class _PssParameters(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("hash", AlgorithmIdentifier, {"explicit": 0, "optional": True}),
        ("mask", AlgorithmIdentifier, {"explicit": 1, "optional": True}),
        ("salt", core.Integer, {"explicit": 2, "default": 20}),
        ("trailer", core.Integer, {"explicit": 3, "default": 1}),  # never another
    ]


@dataclass(frozen=True)
class Digest:
    """A hash function: ``of`` gives the digest of bytes."""

    name: str
    oid: str
    size: int
    of: Callable[[bytes], bytes]


def _sha2(bits: int) -> Callable[[bytes], bytes]:
    return lambda data: hashlib.new(f"sha{bits}", data).digest()


def _kupyna(bits: kupyna.Bits) -> Callable[[bytes], bytes]:
    return lambda data: kupyna.digest(data, bits)


DIGESTS = {
    one.oid: one
    for one in (
        Digest("SHA-256", SHA256, 32, _sha2(256)),
        Digest("SHA-384", SHA384, 48, _sha2(384)),
        Digest("SHA-512", SHA512, 64, _sha2(512)),
        Digest("GOST 34.311", GOST34311, 32, gost34311.digest),
        Digest("Kupyna-256", KUPYNA256, 32, _kupyna(256)),
        Digest("Kupyna-384", KUPYNA384, 48, _kupyna(384)),
        Digest("Kupyna-512", KUPYNA512, 64, _kupyna(512)),
    )
}
# The signature algorithms that name their digest. A trailing ".1" is "polynomial basis" once more.
_NAMED: dict[str, tuple[SchemeKind, str]] = {
    "1.2.840.113549.1.1.11": ("rsa", SHA256),
    "1.2.840.113549.1.1.12": ("rsa", SHA384),
    "1.2.840.113549.1.1.13": ("rsa", SHA512),
    "1.2.840.10045.4.3.2": ("ecdsa", SHA256),
    "1.2.840.10045.4.3.3": ("ecdsa", SHA384),
    "1.2.840.10045.4.3.4": ("ecdsa", SHA512),
    DSTU4145_GOST: ("dstu4145", GOST34311),
    **{
        f"{UA}.1.3.6.{number}{basis}": ("dstu4145", digest)
        for number, digest in ((1, KUPYNA256), (2, KUPYNA384), (3, KUPYNA512))
        for basis in ("", ".1")
    },
}
KEY_OF: dict[SchemeKind, KeyKind] = {
    "rsa": "rsa",
    "rsa-pss": "rsa",
    "ecdsa": "ec",
    "dstu4145": "dstu4145",
}
_TITLES: dict[SchemeKind, str] = {
    "rsa": "RSA PKCS#1 v1.5",
    "rsa-pss": "RSA-PSS",
    "ecdsa": "ECDSA",
    "dstu4145": "DSTU 4145",
}


@dataclass(frozen=True)
class Scheme:
    """How a signature is made: kind, digest, and for RSA-PSS the length of the salt."""

    kind: SchemeKind
    digest: Digest
    salt: int = 0

    @property
    def name(self) -> str:
        """For people: ``ECDSA with SHA-256``."""
        return f"{_TITLES[self.kind]} with {self.digest.name}"


def digest(oid: str) -> Digest:
    """The hash function of an identifier. Raises AlgorithmRefused."""
    try:
        return DIGESTS[oid]
    except KeyError:
        raise AlgorithmRefused(f"digest algorithm {oid}") from None


def digest_of(told: bytes) -> Digest:
    """The hash function of an AlgorithmIdentifier. Raises AlgorithmRefused, Malformed."""
    oid, parameters = algorithm(told)
    _no_parameters(oid, parameters)
    return digest(oid)


def scheme(told: bytes, digest_oid: str | None = None) -> Scheme:
    """The scheme of a signature's AlgorithmIdentifier.

    CMS names the digest beside it (``digest_oid``): it must be the same one. Certificates, CRLs and
    OCSP answers do not. Raises AlgorithmRefused, Malformed.
    """
    oid, parameters = algorithm(told)
    if oid == RSA_PSS:
        found = _pss(parameters)
    elif oid == RSA and digest_oid:
        _no_parameters(oid, parameters)
        found = Scheme("rsa", digest(digest_oid))
    elif oid in _NAMED:
        _no_parameters(oid, parameters)
        kind, its_digest = _NAMED[oid]
        found = Scheme(kind, digest(its_digest))
    else:
        raise AlgorithmRefused(f"signature algorithm {oid}")
    if digest_oid and found.digest.oid != digest_oid:
        raise AlgorithmRefused(f"digest algorithm {digest_oid} beside {found.name}")
    if found.kind == "rsa" and found.digest.oid not in {SHA256, SHA384, SHA512}:
        raise AlgorithmRefused(found.name)
    return found


def _pss(parameters: bytes) -> Scheme:
    """RFC 4055: the same SHA-2 for message and mask, a salt no longer than the digest."""
    if parameters in {b"", NULL}:
        raise AlgorithmRefused("RSA-PSS with SHA-1, its default")
    try:
        told = _PssParameters.load(parameters, strict=True)
        its_digest = digest(told["hash"]["algorithm"].dotted)
        salt = told["salt"].native
    except (ValueError, TypeError, KeyError) as problem:
        raise Malformed("parameters of RSA-PSS that cannot be read") from problem
    if its_digest.oid not in {SHA256, SHA384, SHA512} or not 0 <= salt <= its_digest.size:
        raise AlgorithmRefused("RSA-PSS with these parameters")
    # Whatever else they may say is refused by comparing them with what they have to be.
    usual = {
        pss_parameters(its_digest.oid, salt, hash_null=one, mask_null=other, trailer=trailer)
        for one in (b"", NULL)
        for other in (b"", NULL)
        for trailer in (b"", explicit(3, integer(1)))
    }
    if parameters not in usual:
        raise AlgorithmRefused("RSA-PSS with another mask than the digest's own")
    return Scheme("rsa-pss", its_digest, salt)


def pss_parameters(
    digest_oid: str,
    salt: int,
    *,
    hash_null: bytes = b"",
    mask_null: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """Parameters of RSA-PSS in DER, the mask by the same digest."""
    masked = sequence(identifier(_MGF1), sequence(identifier(digest_oid), mask_null))
    return sequence(
        explicit(0, sequence(identifier(digest_oid), hash_null)),
        explicit(1, masked),
        b"" if salt == _DEFAULT_SALT else explicit(2, integer(salt)),
        trailer,
    )


def _no_parameters(oid: str, parameters: bytes) -> None:
    if parameters not in {b"", NULL}:
        raise AlgorithmRefused(f"algorithm {oid} with parameters")
