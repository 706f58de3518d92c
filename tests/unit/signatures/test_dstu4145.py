"""DSTU 4145-2002 against the standard's examples and its own definitions."""

from __future__ import annotations

import random

import pytest

from portal.identity.signatures.crypto import dstu4145, gost34311, kupyna
from portal.identity.signatures.crypto.curves import CURVES, Curve, PointInvalid

FOX = b"The quick brown fox jumps over the lazy dog"
BY_DEGREE = {curve.m: curve for curve in CURVES}
every_curve = pytest.mark.parametrize("curve", CURVES, ids=lambda curve: f"m{curve.m}")


def test_the_standards_own_example() -> None:
    """Appendix B: m = 163, with another base point than the recommended one."""
    standard = BY_DEGREE[163]
    base = (
        0x72D867F93A93AC27DF9FF01AFFE74885C8C540420,
        0x0224A9C3947852B97C5599D5F4AB81122ADC3FD9B,
    )
    curve = Curve(163, (3, 6, 7), standard.a, standard.b, standard.order, standard.compress(base))
    assert curve.base == base
    public = (
        0x57DE7FDE023FF929CB6AC785CE4B79CF64ABDC2DA,
        0x3E85444324BCF06AD85ABF6AD7B5F34770532B9AA,
    )
    digest = 0x09C9C44277910C9AAEE486883A2EB95B7180166DDF73532EEB76EDAEF52247FF
    r = 0x274EA2C0CAA014A0D80A424F59ADE7A93068D08A7
    s = 0x2100D86957331832B8E8C230F5BD6A332B3615ACA
    signature = r.to_bytes(21, "little") + s.to_bytes(21, "little")
    assert curve.is_in_group(public)
    assert dstu4145.verify(curve, public, digest.to_bytes(32, "little"), signature)
    assert not dstu4145.verify(curve, public, (digest ^ 1).to_bytes(32, "little"), signature)


@pytest.mark.parametrize(
    ("digest", "signature"),
    [
        (
            gost34311.digest(FOX),
            "302d7a572268fa578019077c4f4590f92fa82365ac71f7b0a1f33b96411487302f616f34cf08a224c9fc6d624"
            "f3f92cdaddb5d5e442057ca26e350f70c370925",
        ),
        (
            kupyna.digest(FOX, 256),
            "b3cb37b8c31a7c46e4e6baf8f66a704c00ea11fded190560063b63eddcb6ec4aef50ace1e1e02f42fafb6517d"
            "f7de92915d2f550c2c03c6b7b34f3891e211a29",
        ),
    ],
    ids=["gost34311", "kupyna256"],
)
def test_signatures_of_another_implementation(digest: bytes, signature: str) -> None:
    curve = BY_DEGREE[257]
    compressed = "962876da0b4d7309c5b8336015a83eea16631e7ad7dc3f39d24d752cc50cdc8e00"
    public = curve.decompress(int.from_bytes(bytes.fromhex(compressed), "little"))
    assert curve.is_in_group(public)
    assert dstu4145.verify(curve, public, digest, bytes.fromhex(signature))


@every_curve
def test_parameters_are_consistent(curve: Curve) -> None:
    """The base point generates the group; Hasse's bound gives the cofactor 2 (a = 1) or 4."""
    assert curve.is_in_group(curve.base)
    assert curve.compress(curve.base) == curve.compressed_base
    cofactor = 2 if curve.a else 4
    assert (curve.order * cofactor - (1 << curve.m) - 1) ** 2 <= 4 << curve.m
    assert pow(3, curve.order - 1, curve.order) == 1


@every_curve
def test_what_is_signed_verifies_and_nothing_else_does(curve: Curve) -> None:
    chance = random.Random(curve.m)
    private = dstu4145.new_private_key(curve)
    public = dstu4145.public_key(curve, private)
    assert curve.decompress(curve.compress(public)) == public
    digest = chance.randbytes(64)
    signature = dstu4145.sign(curve, private, digest)
    assert dstu4145.verify(curve, public, digest, signature)
    place = chance.randrange(8 * len(signature))
    altered = bytearray(signature)
    altered[place // 8] ^= 1 << place % 8
    assert not dstu4145.verify(curve, public, digest, bytes(altered))
    # The field's bits of the digest count; the lowest byte is always among them.
    assert not dstu4145.verify(curve, public, bytes((digest[0] ^ 1, *digest[1:])), signature)
    assert not dstu4145.verify(curve, curve.base, digest, signature)


def test_numbers_out_of_range_are_refused() -> None:
    curve = BY_DEGREE[257]
    private = dstu4145.new_private_key(curve)
    public = dstu4145.public_key(curve, private)
    signature = dstu4145.sign(curve, private, bytes(31) + b"\1")
    r, s = signature[:32], signature[32:]
    order = curve.order.to_bytes(33, "little")[:32]
    digest = bytes(31) + b"\1"
    for bad in (
        bytes(32) + s, r + bytes(32), order + s, r + order, b"\xff" * 32 + s, r + b"\xff" * 32,
        signature[:-1], signature + b"\0", b"", s + r, r[::-1] + s[::-1],
    ):  # fmt: skip
        assert not dstu4145.verify(curve, public, digest, bad)
    with pytest.raises(ValueError, match="private key"):
        dstu4145.public_key(curve, 0)
    with pytest.raises(ValueError, match="private key"):
        dstu4145.public_key(curve, curve.order)


@every_curve
def test_what_is_no_point_is_refused(curve: Curve) -> None:
    chance = random.Random(curve.m)
    with pytest.raises(PointInvalid):
        curve.decompress(0)
    with pytest.raises(PointInvalid):
        curve.decompress(1 << curve.m)
    refused = 0
    for _ in range(20):
        try:
            point = curve.decompress(chance.getrandbits(curve.m))
        except PointInvalid:
            refused += 1
        else:
            assert curve.contains(point)
    assert 0 < refused < 20
    assert not curve.contains((curve.base[0], curve.base[1] ^ 1))
    assert not curve.contains((1 << curve.m, 0))


def test_the_point_of_order_two_is_outside_of_the_group() -> None:
    curve = BY_DEGREE[257]
    point = (0, curve.field.square_root(curve.b))
    assert curve.contains(point)
    assert not curve.is_in_group(point)
    # Of order 4n: a point of the group plus one of order four, which only n·P tells apart.
    doubled = curve.add(curve.base, point)
    assert doubled is not None
    assert curve.contains(doubled)
    assert not curve.is_in_group(doubled)


@every_curve
def test_the_field_keeps_its_laws(curve: Curve) -> None:
    field = curve.field
    chance = random.Random(1)
    for _ in range(10):
        a, b, c = (chance.getrandbits(field.m) for _ in range(3))
        assert field.multiply(a, b) == field.multiply(b, a)
        assert field.multiply(a, b ^ c) == field.multiply(a, b) ^ field.multiply(a, c)
        assert field.square(a) == field.multiply(a, a)
        assert field.multiply(a, field.inverse(a)) == 1
        assert field.trace(field.square(a)) == field.trace(a)
        if not field.trace(a):
            z = field.half_trace(a)
            assert field.square(z) ^ z == a
    with pytest.raises(ZeroDivisionError):
        field.inverse(0)


def test_the_group_law_agrees_with_itself() -> None:
    """Sums by the affine formulas equal products by windows in López-Dahab coordinates."""
    curve = BY_DEGREE[163]
    total = None
    for k in range(1, 70):
        total = curve.add(total, curve.base)
        assert curve.multiply((k, curve.base)) == total
    assert curve.multiply((curve.order - 1, curve.base)) == curve.negative(curve.base)
    assert curve.multiply((5, curve.base), (curve.order - 5, curve.base)) is None
    other = dstu4145.public_key(curve, 7)
    assert curve.multiply((9, curve.base), (1, other)) == curve.multiply((2, curve.base))
