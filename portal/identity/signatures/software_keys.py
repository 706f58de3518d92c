"""Private keys in files, for tests, demonstrations and operators' scripts.

PKCS#8 in PEM. For DSTU 4145 the private number stands little-endian in an OCTET STRING, as
Ukrainian tools write it, and is not encrypted. A qualified signature is made by a token, never by
such a key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import core, pem
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from portal.identity.signatures import algorithms, asn1
from portal.identity.signatures.algorithms import Digest, Scheme
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.crypto import dstu4145
from portal.identity.signatures.crypto.curves import BY_IDENTIFIER, CURVES, NAMED_CURVE, Curve

KINDS = ("ecdsa", "rsa", "dstu")
_HASHES: dict[str, hashes.HashAlgorithm] = {
    algorithms.SHA256: hashes.SHA256(),
    algorithms.SHA384: hashes.SHA384(),
    algorithms.SHA512: hashes.SHA512(),
}
_RSA_WITH = {
    algorithms.SHA256: "1.2.840.113549.1.1.11",
    algorithms.SHA384: "1.2.840.113549.1.1.12",
    algorithms.SHA512: "1.2.840.113549.1.1.13",
}
_ECDSA_WITH = {
    algorithms.SHA256: "1.2.840.10045.4.3.2",
    algorithms.SHA384: "1.2.840.10045.4.3.3",
    algorithms.SHA512: "1.2.840.10045.4.3.4",
}
_DSTU_WITH = {
    algorithms.GOST34311: algorithms.DSTU4145_GOST,
    algorithms.KUPYNA256: f"{algorithms.UA}.1.3.6.1",
    algorithms.KUPYNA384: f"{algorithms.UA}.1.3.6.2",
    algorithms.KUPYNA512: f"{algorithms.UA}.1.3.6.3",
}


class KeyUnusable(ValueError):
    """A file that is no private key we can sign with; the message says why."""


class _PrivateKeyInfo(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("version", core.Integer),
        ("algorithm", asn1.AlgorithmIdentifier),
        ("key", core.OctetString),
        ("attributes", core.Any, {"optional": True}),
    ]


@dataclass(frozen=True)
class SoftwareKey:
    """A private key and how it signs; ``native`` is cryptography's, or curve and number."""

    native: Any
    scheme: Scheme

    def using(self, digest: str, *, pss: bool = False) -> SoftwareKey:
        """The same key with another digest (its identifier), or with RSA-PSS."""
        kind = "rsa-pss" if pss else self.scheme.kind
        found = algorithms.digest(digest)
        return replace(self, scheme=Scheme(kind, found, found.size if pss else 0))

    @property
    def digest(self) -> Digest:
        return self.scheme.digest

    @property
    def identifier(self) -> bytes:
        """The AlgorithmIdentifier of its signatures."""
        digest = self.digest.oid
        if self.scheme.kind == "rsa":
            return asn1.sequence(asn1.identifier(_RSA_WITH[digest]), asn1.NULL)
        if self.scheme.kind == "ecdsa":
            return asn1.sequence(asn1.identifier(_ECDSA_WITH[digest]))
        if self.scheme.kind == "dstu4145":
            return asn1.sequence(asn1.identifier(_DSTU_WITH[digest]))
        parameters = algorithms.pss_parameters(digest, self.scheme.salt)
        return asn1.sequence(asn1.identifier(algorithms.RSA_PSS), parameters)

    @property
    def spki(self) -> bytes:
        """The SubjectPublicKeyInfo of its public key."""
        if self.scheme.kind != "dstu4145":
            encoded: bytes = self.native.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return encoded
        curve, number = self.native
        point = curve.compress(dstu4145.public_key(curve, number))
        key = asn1.octets(point.to_bytes(curve.field.octets, "little"))
        return asn1.sequence(_dstu_identifier(curve), asn1.bits(key))

    def sign(self, data: bytes, *, wrapped: bool) -> bytes:
        """A signature of ``data``, for CMS or (``wrapped``) for certificates, CRLs and OCSP."""
        if self.scheme.kind == "dstu4145":
            curve, number = self.native
            made = dstu4145.sign(curve, number, self.digest.of(data))
            return asn1.octets(made) if wrapped else made
        hashed = _HASHES[self.digest.oid]
        if self.scheme.kind == "ecdsa":
            signed: bytes = self.native.sign(data, ec.ECDSA(hashed))
        elif self.scheme.kind == "rsa":
            signed = self.native.sign(data, padding.PKCS1v15(), hashed)
        else:
            masked = padding.PSS(padding.MGF1(hashed), self.scheme.salt)
            signed = self.native.sign(data, masked, hashed)
        return signed

    def pem(self) -> bytes:
        """PKCS#8 in PEM, not encrypted."""
        if self.scheme.kind != "dstu4145":
            encoded: bytes = self.native.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            return encoded
        curve, number = self.native
        key = asn1.octets(number.to_bytes(curve.scalar_octets, "little"))
        info = asn1.sequence(asn1.integer(0), _dstu_identifier(curve), key)
        armoured: bytes = pem.armor("PRIVATE KEY", info)
        return armoured


def _dstu_identifier(curve: Curve) -> bytes:
    named = asn1.identifier(f"{NAMED_CURVE}.{CURVES.index(curve)}")
    return asn1.sequence(asn1.identifier(algorithms.DSTU4145_GOST), asn1.sequence(named))


def _of(native: Any) -> SoftwareKey:
    if isinstance(native, ec.EllipticCurvePrivateKey):
        digest = algorithms.SHA256 if native.curve.key_size <= 256 else algorithms.SHA384
        return SoftwareKey(native, Scheme("ecdsa", algorithms.digest(digest)))
    if isinstance(native, rsa.RSAPrivateKey):
        return SoftwareKey(native, Scheme("rsa", algorithms.digest(algorithms.SHA256)))
    if isinstance(native, tuple):
        return SoftwareKey(native, Scheme("dstu4145", algorithms.digest(algorithms.GOST34311)))
    raise KeyUnusable("a key of another kind than RSA, ECDSA or DSTU 4145")


_NEW: dict[str, Callable[[], Any]] = {
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ecdsa-p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "dstu": lambda: new_dstu(257),
    "dstu-m431": lambda: new_dstu(431),
}


def generate(kind: str) -> SoftwareKey:
    """A fresh key: ecdsa (P-256), ecdsa-p384, rsa (2048 bits), dstu (m = 257) or dstu-m431."""
    return _of(_NEW[kind]())


def new_dstu(m: int) -> tuple[Curve, int]:
    """A fresh key on the curve of that degree."""
    curve = next(one for one in CURVES if one.m == m)
    return curve, dstu4145.new_private_key(curve)


def load(data: bytes, password: bytes | None = None) -> SoftwareKey:
    """A key from PKCS#8, or what cryptography reads, in PEM or DER. Raises KeyUnusable."""
    try:
        if pem.detect(data):
            kind, _, der = pem.unarmor(data)
            if kind == "PRIVATE KEY" and (found := _dstu(der)):
                return _of(found)
            return _of(serialization.load_pem_private_key(data, password))
        return _of(_dstu(data) or serialization.load_der_private_key(data, password))
    except KeyUnusable:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise KeyUnusable("not a private key, or its password is another one") from problem


def _dstu(der: bytes) -> tuple[Curve, int] | None:
    """Curve and number of a DSTU key; None where it is a key of another algorithm."""
    try:
        asn1.check(der)
        info = _PrivateKeyInfo.load(der, strict=True)
        if info["algorithm"]["algorithm"].dotted != algorithms.DSTU4145_GOST:
            return None
        named = core.SequenceOf.load(
            info["algorithm"]["parameters"].dump(), spec=core.Any, strict=True
        )[0].dump()
        curve = BY_IDENTIFIER.get(core.ObjectIdentifier.load(named).dotted)
        number = int.from_bytes(bytes(info["key"]), "little")
    except (Malformed, ValueError, TypeError, KeyError, IndexError):
        return None
    if curve is None or not 0 < number < curve.order:
        raise KeyUnusable("a DSTU 4145 key without a named curve, or outside of its group")
    return curve, number
