"""Issuing certificates, CRLs and OCSP answers with software keys of any algorithm.

For demo authorities and tests: no library issues with DSTU 4145 keys. Pieces of DER in, DER out;
nothing is looked at, so tests can issue what no honest authority would.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import core

from portal.identity.signatures import algorithms, asn1, certificates, keys
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.signing import time
from portal.identity.signatures.software_keys import SoftwareKey

COUNTRY = "2.5.4.6"
_PRINTABLE = frozenset((COUNTRY, certificates.SERIAL_NUMBER))
_USAGE_BITS = (
    "digital_signature", "non_repudiation", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign",
)  # fmt: skip


def name(*pairs: tuple[str, str]) -> bytes:
    """A distinguished name: attribute types and their texts, in order."""
    return asn1.sequence(
        *(asn1.set_of(asn1.sequence(asn1.identifier(oid), _text(oid, text))) for oid, text in pairs)
    )


def _text(oid: str, text: str) -> bytes:
    if oid in _PRINTABLE:
        return asn1.tlv(19, text.encode("ascii"))
    return asn1.tlv(12, text.encode())


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """An extension around its value's DER."""
    return asn1.sequence(
        asn1.identifier(oid), b"\x01\x01\xff" if critical else b"", asn1.octets(value)
    )


def usage(*names: str) -> bytes:
    """Key usage, critical."""
    chosen = tuple(int(one in names) for one in _USAGE_BITS)
    while chosen and not chosen[-1]:
        chosen = chosen[:-1]
    return extension(certificates.KEY_USAGE, core.BitString(chosen).dump(), critical=True)


def authority(path_length: int | None = None) -> bytes:
    """Basic constraints of an authority, critical."""
    length = b"" if path_length is None else asn1.integer(path_length)
    value = asn1.sequence(b"\x01\x01\xff", length)
    return extension(certificates.BASIC_CONSTRAINTS, value, critical=True)


def purposes(*oids: str, critical: bool = False) -> bytes:
    """Extended key usage."""
    value = asn1.sequence(*(asn1.identifier(oid) for oid in oids))
    return extension(certificates.EXTENDED_USAGE, value, critical=critical)


def policies(*oids: str) -> bytes:
    """Certificate policies."""
    value = asn1.sequence(*(asn1.sequence(asn1.identifier(oid)) for oid in oids))
    return extension(certificates.POLICIES, value)


def statements(*oids: str, kind: str | None = None) -> bytes:
    """QCStatements; ``kind`` is the type that QcType names."""
    told = [asn1.sequence(asn1.identifier(oid)) for oid in oids]
    if kind:
        types = asn1.sequence(asn1.identifier(kind))
        told.append(asn1.sequence(asn1.identifier(certificates.QUALIFIED_TYPE), types))
    return extension(certificates.STATEMENTS, asn1.sequence(*told))


def directory_attributes(*pairs: tuple[str, str]) -> bytes:
    """Subject directory attributes, as printable texts."""
    told = (
        asn1.sequence(asn1.identifier(oid), asn1.set_of(asn1.tlv(19, text.encode("ascii"))))
        for oid, text in pairs
    )
    return extension(certificates.DIRECTORY_ATTRIBUTES, asn1.sequence(*told))


def key_identifiers(spki: bytes, issuer_spki: bytes) -> tuple[bytes, bytes]:
    """Identifiers of the subject's and of the issuer's key."""
    own, its = (hashlib.sha256(keys.key_bits(one)).digest()[:20] for one in (spki, issuer_spki))
    return (
        extension(certificates.SUBJECT_KEY, asn1.octets(own)),
        extension(certificates.AUTHORITY_KEY, asn1.sequence(asn1.tlv(0x80, its))),
    )


def certificate(
    *,
    key: SoftwareKey,
    issuer: bytes,
    subject: bytes,
    spki: bytes,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    extensions: Iterable[bytes] = (),
) -> bytes:
    """A certificate in DER, signed by the issuer's ``key``; names are DER."""
    body = asn1.sequence(
        asn1.explicit(0, asn1.integer(2)),
        asn1.integer(serial),
        key.identifier,
        issuer,
        asn1.sequence(time(not_before), time(not_after)),
        subject,
        spki,
        asn1.explicit(3, asn1.sequence(*extensions)),
    )
    return _signed(body, key)


def _signed(body: bytes, key: SoftwareKey, *more: bytes) -> bytes:
    return asn1.sequence(body, key.identifier, asn1.bits(key.sign(body, wrapped=True)), *more)


def crl(
    *,
    key: SoftwareKey,
    issuer: bytes,
    this_update: datetime,
    next_update: datetime | None,
    number: int,
    revoked: Iterable[Revoked] = (),
    base: int | None = None,
    extensions: Iterable[bytes] = (),
) -> bytes:
    """A CRL in DER; ``base`` makes it a delta to the list of that number."""
    entries = b"".join(_entry(one) for one in revoked)
    told = [extension("2.5.29.20", asn1.integer(number)), *extensions]
    if base is not None:
        told.append(extension("2.5.29.27", asn1.integer(base), critical=True))
    body = asn1.sequence(
        asn1.integer(1),
        key.identifier,
        issuer,
        time(this_update),
        time(next_update) if next_update else b"",
        asn1.sequence(entries) if entries else b"",
        asn1.explicit(0, asn1.sequence(*told)),
    )
    return _signed(body, key)


def _entry(one: Revoked) -> bytes:
    told = b""
    if one.reason is not None:
        told = asn1.sequence(extension("2.5.29.21", asn1.tlv(10, bytes((one.reason,)))))
    return asn1.sequence(asn1.integer(one.serial), time(one.at), told)


def ocsp_answer(
    *,
    key: SoftwareKey,
    responder: Certificate,
    issuer: Certificate,
    serial: int,
    this_update: datetime,
    next_update: datetime | None,
    revoked: Revoked | None = None,
    unknown: bool = False,
    hash_oid: str = algorithms.SHA256,
    held: Iterable[Certificate] = (),
) -> bytes:
    """A successful OCSP answer in DER about one certificate of ``issuer``."""
    of = algorithms.digest(hash_oid).of
    identifier = asn1.sequence(
        asn1.sequence(asn1.identifier(hash_oid)),
        asn1.octets(of(issuer.subject_der)),
        asn1.octets(of(keys.key_bits(issuer.spki))),
        asn1.integer(serial),
    )
    status = asn1.tlv(0x80)
    if unknown:
        status = asn1.tlv(0x82)
    elif revoked:
        reason = b""
        if revoked.reason is not None:
            reason = asn1.explicit(0, asn1.tlv(10, bytes((revoked.reason,))))
        status = asn1.explicit(1, _general(revoked.at), reason)
    single = asn1.sequence(
        identifier,
        status,
        _general(this_update),
        asn1.explicit(0, _general(next_update)) if next_update else b"",
    )
    body = asn1.sequence(
        asn1.explicit(1, responder.subject_der), _general(this_update), asn1.sequence(single)
    )
    certs = [one.der for one in held]
    basic = _signed(body, key, asn1.explicit(0, asn1.sequence(*certs)) if certs else b"")
    inner = asn1.sequence(asn1.identifier("1.3.6.1.5.5.7.48.1.1"), asn1.octets(basic))
    return asn1.sequence(asn1.tlv(10, b"\0"), asn1.explicit(0, inner))


def _general(moment: datetime) -> bytes:
    encoded: bytes = core.GeneralizedTime(moment.replace(microsecond=0)).dump()
    return encoded
