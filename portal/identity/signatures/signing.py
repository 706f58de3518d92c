"""Making CAdES-BES signatures with a software key."""

from __future__ import annotations

from datetime import UTC, datetime

from asn1crypto import x509

from portal.identity.signatures import algorithms, asn1, cms
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.software_keys import SoftwareKey


def sign(
    content: bytes,
    key: SoftwareKey,
    certificate: Certificate,
    *,
    detached: bool = False,
    signed_at: datetime | None = None,
    others: tuple[Certificate, ...] = (),
) -> bytes:
    """A CMS SignedData in DER over ``content``, the signer's certificate and ``others`` inside.

    Its signed attributes are content type, message digest, time of signing and
    signing-certificate-v2. Raises ValueError where the certificate is not of this key.
    """
    if certificate.spki != key.spki:
        raise ValueError("the certificate is not of this key")
    signed = signed_attributes(content, key, certificate, signed_at or datetime.now(UTC))
    return message(
        content,
        key,
        certificate,
        signed=signed,
        signature=key.sign(signed, wrapped=False),
        detached=detached,
        others=others,
    )


def signed_attributes(
    content: bytes, key: SoftwareKey, certificate: Certificate, signed_at: datetime
) -> bytes:
    """The SET OF attributes that is signed."""
    digest = key.digest
    named = b"" if digest.oid == algorithms.SHA256 else asn1.sequence(asn1.identifier(digest.oid))
    certified = asn1.sequence(named, asn1.octets(digest.of(certificate.der)))
    return asn1.set_of(
        attribute(cms.CONTENT_TYPE, asn1.identifier(cms.DATA)),
        attribute(cms.MESSAGE_DIGEST, asn1.octets(digest.of(content))),
        attribute(cms.SIGNING_TIME, time(signed_at)),
        attribute(cms.SIGNING_CERTIFICATE_V2, asn1.sequence(asn1.sequence(certified))),
    )


def message(
    content: bytes,
    key: SoftwareKey,
    certificate: Certificate,
    *,
    signed: bytes,
    signature: bytes,
    detached: bool,
    others: tuple[Certificate, ...] = (),
    content_type: str = cms.DATA,
    unsigned: bytes = b"",
) -> bytes:
    """The message around a signature; ``unsigned`` is a SET OF attributes, or empty."""
    digest = asn1.sequence(asn1.identifier(key.digest.oid))
    inner = b"" if detached else asn1.explicit(0, asn1.octets(content))
    signer = asn1.sequence(
        asn1.integer(1),
        asn1.sequence(certificate.issuer_der, asn1.integer(certificate.serial)),
        digest,
        b"\xa0" + signed[1:],
        key.identifier,
        asn1.octets(signature),
        b"\xa1" + unsigned[1:] if unsigned else b"",
    )
    data = asn1.sequence(
        asn1.integer(1 if content_type == cms.DATA else 3),
        asn1.set_of(digest),
        asn1.sequence(asn1.identifier(content_type), inner),
        asn1.explicit(0, *sorted(one.der for one in (certificate, *others))),
        asn1.set_of(signer),
    )
    return asn1.sequence(asn1.identifier(cms.SIGNED_DATA), asn1.explicit(0, data))


def attribute(oid: str, *values: bytes) -> bytes:
    """An attribute with its values."""
    return asn1.sequence(asn1.identifier(oid), asn1.set_of(*values))


def time(moment: datetime) -> bytes:
    """UTCTime until 2049, then GeneralizedTime (RFC 5652, 11.3)."""
    moment = moment.astimezone(UTC).replace(microsecond=0)
    name = "utc_time" if 1950 <= moment.year < 2050 else "general_time"
    encoded: bytes = x509.Time({name: moment}).dump()
    return encoded
