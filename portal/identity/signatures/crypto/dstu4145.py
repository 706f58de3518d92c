"""DSTU 4145-2002: digital signatures on elliptic curves over binary fields (sections 9 to 13).

A signature is r || s, each little-endian in as many bytes as the curve's order has. The digest is
read as a little-endian integer, of which the field's lowest bits are kept.
"""

from __future__ import annotations

import secrets

from portal.identity.signatures.crypto.curves import Curve, Point


def verify(curve: Curve, public: Point, digest: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is the key's over ``digest``.

    ``public`` must be of the curve's group (:meth:`Curve.is_in_group`); this does not look again.
    """
    octets = curve.scalar_octets
    if len(signature) != 2 * octets:
        return False
    r = int.from_bytes(signature[:octets], "little")
    s = int.from_bytes(signature[octets:], "little")
    if not (0 < r < curve.order and 0 < s < curve.order):
        return False
    point = curve.multiply((s, curve.base), (r, public))
    if point is None:
        return False
    return _shortened(curve, curve.field.multiply(_element(curve, digest), point[0])) == r


def public_key(curve: Curve, private: int) -> Point:
    """Q = -d·G for a private key 0 < d < n. Raises ValueError for another d."""
    if not 0 < private < curve.order:
        raise ValueError("a private key is above 0 and below the order")
    point = curve.multiply((private, curve.base))
    if point is None:
        raise ValueError("no private key")
    return curve.negative(point)


def new_private_key(curve: Curve) -> int:
    """A fresh random private key."""
    return 1 + secrets.randbelow(curve.order - 1)


def sign(curve: Curve, private: int, digest: bytes, once: int | None = None) -> bytes:
    """The signature of ``digest``. ``once`` is the one-time secret of a published example alone."""
    element = _element(curve, digest)
    while True:
        e = new_private_key(curve) if once is None else once
        point = curve.multiply((e, curve.base))
        r = _shortened(curve, curve.field.multiply(element, point[0])) if point else 0
        s = (e + private * r) % curve.order
        if r and s:
            octets = curve.scalar_octets
            return r.to_bytes(octets, "little") + s.to_bytes(octets, "little")
        if once is not None:
            raise ValueError("this one-time secret gives no signature")


def _element(curve: Curve, digest: bytes) -> int:
    """The field element of a digest (section 5.9); never 0."""
    return int.from_bytes(digest, "little") & (1 << curve.m) - 1 or 1


def _shortened(curve: Curve, element: int) -> int:
    """A field element as a number below the order (section 5.8)."""
    return element & (1 << curve.order.bit_length() - 1) - 1
