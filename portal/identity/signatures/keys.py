"""Public keys out of certificates, and checking one signature with one key."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asn1crypto import core
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from portal.identity.signatures import algorithms, asn1
from portal.identity.signatures.algorithms import KEY_OF, AlgorithmRefused, KeyKind, Scheme
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.crypto import dstu4145, gost34311
from portal.identity.signatures.crypto.curves import (
    BY_IDENTIFIER,
    CURVES,
    Curve,
    PointInvalid,
)

_SHA2: dict[str, hashes.HashAlgorithm] = {
    algorithms.SHA256: hashes.SHA256(),
    algorithms.SHA384: hashes.SHA384(),
    algorithms.SHA512: hashes.SHA512(),
}
_CURVES = frozenset(("secp256r1", "secp384r1", "secp521r1"))  # the policy narrows it for signers
SMALLEST_RSA, LARGEST_RSA = 2048, 8192
MOST_REMEMBERED = 4096


@dataclass(frozen=True)
class PublicKey:
    """A key that may verify: ``native`` is cryptography's, or curve and point of DSTU 4145."""

    kind: KeyKind
    name: str
    native: Any
    pss_only: bool = False


class _Pentanomial(core.Sequence):  # type: ignore[misc]
    _fields = [("k1", core.Integer), ("k2", core.Integer), ("k3", core.Integer)]


class _Middle(core.Choice):  # type: ignore[misc]
    _alternatives = [("trinomial", core.Integer), ("pentanomial", _Pentanomial)]


class _Field(core.Sequence):  # type: ignore[misc]
    _fields = [("m", core.Integer), ("middle", _Middle)]


class _ExplicitCurve(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("version", core.Integer, {"explicit": 0, "default": 0}),
        ("field", _Field),
        ("a", core.Integer),
        ("b", core.OctetString),
        ("n", core.Integer),
        ("base", core.OctetString),
    ]


class _SomeCurve(core.Choice):  # type: ignore[misc]
    _alternatives = [("named", core.ObjectIdentifier), ("explicit", _ExplicitCurve)]


class _DstuParameters(core.Sequence):  # type: ignore[misc]
    _fields = [("curve", _SomeCurve), ("sbox", core.OctetString, {"optional": True})]


class _KeyInfo(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", asn1.AlgorithmIdentifier), ("key", core.BitString)]


@lru_cache(maxsize=1024)
def load(spki: bytes) -> PublicKey:
    """The key of a SubjectPublicKeyInfo. Raises AlgorithmRefused, Malformed."""
    asn1.check(spki)
    try:
        info = _KeyInfo.load(spki, strict=True)
        oid = info["algorithm"]["algorithm"].dotted
        if oid == algorithms.DSTU4145_GOST:
            parameters = info["algorithm"]["parameters"].dump()
            return _dstu(parameters, asn1.bit_string(info["key"]))
        if oid == algorithms.RSA_PSS:
            if info["algorithm"]["parameters"].dump() not in {b"", asn1.NULL}:
                raise AlgorithmRefused("an RSA-PSS key with restrictions")
            plain = asn1.sequence(asn1.identifier(algorithms.RSA), asn1.NULL)
            return _common(asn1.sequence(plain, info["key"].dump()), pss_only=True)
        if oid in {algorithms.RSA, algorithms.EC}:
            return _common(spki)
    except (ValueError, TypeError, KeyError, UnsupportedAlgorithm) as problem:
        raise Malformed("a public key that cannot be read") from problem
    raise AlgorithmRefused(f"key algorithm {oid}")


def key_bits(spki: bytes) -> bytes:
    """What the BIT STRING of a SubjectPublicKeyInfo holds, as OCSP hashes it. Raises Malformed."""
    try:
        return asn1.bit_string(_KeyInfo.load(spki, strict=True)["key"])
    except (ValueError, TypeError, KeyError) as problem:
        raise Malformed("a public key that cannot be read") from problem


def _common(spki: bytes, *, pss_only: bool = False) -> PublicKey:
    key = load_der_public_key(spki)  # refuses explicit parameters of a curve
    if isinstance(key, rsa.RSAPublicKey):
        if not SMALLEST_RSA <= key.key_size <= LARGEST_RSA:
            raise AlgorithmRefused(f"an RSA key of {key.key_size} bits")
        return PublicKey("rsa", f"RSA {key.key_size}", key, pss_only)
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in _CURVES:
            raise AlgorithmRefused(f"a key on the curve {key.curve.name}")
        return PublicKey("ec", key.curve.name, key)
    raise AlgorithmRefused("a key of another kind")


def _dstu(parameters: bytes, key: bytes) -> PublicKey:
    told = _DstuParameters.load(parameters, strict=True)
    chosen = told["curve"].chosen
    if told["curve"].name == "named":
        curve = BY_IDENTIFIER.get(chosen.dotted)
    else:
        curve = next((one for one in CURVES if _is(one, chosen)), None)
    if curve is None:
        # Parameters that only resemble a curve of the standard would let anybody choose a
        # generator that fits a trusted key (as in CVE-2020-0601).
        raise AlgorithmRefused("a curve that is not of the standard")
    sbox = told["sbox"].native
    if sbox not in {None, gost34311.DEFAULT_SBOX}:
        raise AlgorithmRefused("another S-box than the national default")
    octets = curve.field.octets
    if key[:2] != bytes((4, octets)) or len(key) != octets + 2:
        raise Malformed("a public key of another length than the curve's")
    try:
        point = curve.decompress(int.from_bytes(key[2:], "little"))
    except PointInvalid as problem:
        raise Malformed("a public key that is no point") from problem
    if not curve.is_in_group(point):
        raise Malformed("a public key outside of the group")
    return PublicKey("dstu4145", f"DSTU 4145, m = {curve.m}", (curve, point))


def _is(curve: Curve, told: _ExplicitCurve) -> bool:
    """Whether explicit parameters are, in every field, those of a curve of the standard."""
    middle = told["field"]["middle"].chosen.native
    middle = (middle,) if isinstance(middle, int) else tuple(middle.values())
    octets = curve.field.octets
    return bool(
        told["version"].native == 0
        and told["field"]["m"].native == curve.m
        and middle == curve.field.middle
        and told["a"].native == curve.a
        and told["b"].native == curve.b.to_bytes(octets, "little")
        and told["n"].native == curve.order
        and told["base"].native == curve.compressed_base.to_bytes(octets, "little")
    )


_verified: OrderedDict[bytes, bool] = OrderedDict()


def forget() -> None:
    """Forget what was verified, for measurements."""
    _verified.clear()
    load.cache_clear()


def verify(spki: bytes, scheme: Scheme, signature: bytes, data: bytes, *, wrapped: bool) -> bool:
    """Whether ``signature`` over ``data`` is that key's.

    ``wrapped``: a DSTU signature of certificates, CRLs and OCSP answers is an OCTET STRING within
    the BIT STRING; in CMS it is bare. What was verified once is remembered by its digest, as
    certificates and lists of an authority come again with each signature.
    Raises AlgorithmRefused (key and scheme do not fit), Malformed.
    """
    key = load(spki)
    if KEY_OF[scheme.kind] != key.kind or (key.pss_only and scheme.kind != "rsa-pss"):
        raise AlgorithmRefused(f"{scheme.name} with a key of {key.name}")
    seen = hashlib.sha256()
    for part in (spki, repr((scheme.name, scheme.salt, wrapped)).encode(), signature):
        seen.update(len(part).to_bytes(8, "big") + part)
    seen.update(data)
    remembered = _verified.get(seen.digest())
    if remembered is None:
        remembered = _holds(key, scheme, signature, data, wrapped=wrapped)
        _verified[seen.digest()] = remembered
        while len(_verified) > MOST_REMEMBERED:
            _verified.popitem(last=False)
    return remembered


def _holds(key: PublicKey, scheme: Scheme, signature: bytes, data: bytes, *, wrapped: bool) -> bool:
    if scheme.kind == "dstu4145":
        curve, point = key.native
        if wrapped:
            octets = 2 * curve.scalar_octets
            if signature[:2] != bytes((4, octets)):
                return False
            signature = signature[2:]
        return dstu4145.verify(curve, point, scheme.digest.of(data), signature)
    chosen = _SHA2[scheme.digest.oid]
    try:
        if scheme.kind == "ecdsa":
            key.native.verify(signature, data, ec.ECDSA(chosen))
        elif scheme.kind == "rsa":
            key.native.verify(signature, data, padding.PKCS1v15(), chosen)
        else:
            masked = padding.PSS(padding.MGF1(chosen), scheme.salt)
            key.native.verify(signature, data, masked, chosen)
    except InvalidSignature:
        return False
    return True
