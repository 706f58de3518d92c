"""The curves of DSTU 4145-2002 in polynomial basis: y^2 + xy = x^3 + a x^2 + b over GF(2^m).

Parameters are those of the standard's table of recommended curves; their object identifiers are
1.2.804.2.1.1.1.1.3.1.1.2.N with N the place in :data:`CURVES`. Points are pairs of field elements;
None is the point at infinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from portal.identity.signatures.crypto.binary_field import BinaryField

Point = tuple[int, int]
NAMED_CURVE = "1.2.804.2.1.1.1.1.3.1.1.2"
OWN_WIDTH = 4  # window of a key's multiples, made for each verification
BASE_WIDTH = 7  # window of the base point's multiples, made once for a process


class PointInvalid(ValueError):
    """Bytes or coordinates that are no point of the curve's group."""


class Curve:
    """One curve with its group of prime order ``order`` and base point."""

    def __init__(  # noqa: PLR0917 - as the standard's table has them
        self, m: int, middle: Sequence[int], a: int, b: int, order: int, base: int
    ) -> None:
        """``base`` is the base point, compressed as the standard says."""
        self.field = BinaryField(m, middle)
        self.a, self.b, self.order = a, b, order
        self.compressed_base = base

    @property
    def m(self) -> int:
        """The degree of the field, by which these curves are known."""
        return self.field.m

    @cached_property
    def base(self) -> Point:
        """The base point."""
        return self.decompress(self.compressed_base)

    @property
    def scalar_octets(self) -> int:
        """How many bytes hold a number below the order."""
        return (self.order.bit_length() + 7) // 8

    def contains(self, point: Point) -> bool:
        """Whether both coordinates are field elements and satisfy the curve's equation."""
        x, y = point
        if not (0 <= x < 1 << self.m and 0 <= y < 1 << self.m):
            return False
        multiply, square = self.field.multiply, self.field.square
        x2 = square(x)
        return square(y) ^ multiply(x, y) == multiply(x2, x) ^ (x2 if self.a else 0) ^ self.b

    def compress(self, point: Point) -> int:
        """x, whose lowest bit is replaced by the trace of y/x (section 6.9 of the standard)."""
        x, y = point
        return x & ~1 | self.field.trace(self.field.multiply(y, self.field.inverse(x)))

    def decompress(self, compressed: int) -> Point:
        """The point of a compressed one (section 6.10); PointInvalid where there is none."""
        field = self.field
        if not 0 < compressed < 1 << field.m:
            raise PointInvalid("no compressed point")
        last = compressed & 1
        x = compressed & ~1
        if field.trace(x) != self.a:  # of every point of the group of prime order Tr(x) = Tr(a)
            x |= 1
        if not x:
            raise PointInvalid("the point of order two")
        value = x ^ self.a ^ field.multiply(self.b, field.square(field.inverse(x)))
        if field.trace(value):
            raise PointInvalid("no point has this x")
        z = field.half_trace(value)
        if field.trace(z) != last:
            z ^= 1
        return x, field.multiply(x, z)

    def negative(self, point: Point) -> Point:
        """-P."""
        return point[0], point[0] ^ point[1]

    def add(self, p: Point | None, q: Point | None) -> Point | None:
        """P + Q by the affine formulas; for tables, as it takes an inversion."""
        if p is None or q is None:
            return p or q
        field = self.field
        (x1, y1), (x2, y2) = p, q
        if x1 == x2:
            if y1 != y2 or not x1:
                return None
            slope = x1 ^ field.multiply(y1, field.inverse(x1))
            x3 = field.square(slope) ^ slope ^ self.a
            return x3, field.square(x1) ^ field.multiply(slope ^ 1, x3)
        slope = field.multiply(y1 ^ y2, field.inverse(x1 ^ x2))
        x3 = field.square(slope) ^ slope ^ x1 ^ x2 ^ self.a
        return x3, field.multiply(slope, x1 ^ x3) ^ x3 ^ y1

    def multiply(self, *terms: tuple[int, Point]) -> Point | None:
        """The sum of k·P over ``terms``, in one run of doublings (interleaved signed windows)."""
        prepared = []
        for scalar, point in terms:
            is_base = point == self.base
            width = BASE_WIDTH if is_base else OWN_WIDTH
            odd = self._base_multiples if is_base else self._odd_multiples(point, width)
            prepared.append((_signed_windows(scalar, width), odd))
        length = max((len(digits) for digits, _ in prepared), default=0)
        total = _Running(self)
        for place in range(length - 1, -1, -1):
            total.double()
            for digits, odd in prepared:
                digit = digits[place] if place < len(digits) else 0
                if digit > 0:
                    total.add(odd[digit >> 1])
                elif digit:
                    total.add(self.negative(odd[-digit >> 1]))
        return total.affine()

    def is_in_group(self, point: Point) -> bool:
        """Whether the point is of the group of prime order: on the curve, and n·P is infinity."""
        return self.contains(point) and self.multiply((self.order, point)) is None

    @cached_property
    def _base_multiples(self) -> list[Point]:
        return self._odd_multiples(self.base, BASE_WIDTH)

    def _odd_multiples(self, point: Point, width: int) -> list[Point]:
        """P, 3P, 5P, … below 2^(width-1) times P."""
        found = [point]
        twice = self.add(point, point)
        for _ in range((1 << width - 2) - 1):
            following = self.add(found[-1], twice)
            if following is None:
                raise PointInvalid("a point of small order")
            found.append(following)
        return found


class _Running:
    """A running sum in López-Dahab coordinates: x = X/Z, y = Y/Z^2; Z = 0 is infinity."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve
        self._x, self._y, self._z = 1, 0, 0

    def double(self) -> None:
        if not self._z:
            return
        multiply, square = self._curve.field.multiply, self._curve.field.square
        x2, z2 = square(self._x), square(self._z)
        z3 = multiply(x2, z2)
        bz4 = multiply(self._curve.b, square(z2))
        x3 = square(x2) ^ bz4
        y = square(self._y) ^ bz4
        if self._curve.a:
            y ^= z3
        self._x, self._y, self._z = x3, multiply(bz4, z3) ^ multiply(x3, y), z3

    def add(self, point: Point) -> None:
        x2, y2 = point
        if not self._z:
            self._x, self._y, self._z = x2, y2, 1
            return
        multiply, square = self._curve.field.multiply, self._curve.field.square
        z2 = square(self._z)
        a = multiply(y2, z2) ^ self._y
        b = multiply(x2, self._z) ^ self._x
        if not b:
            if a:
                self._x, self._y, self._z = 1, 0, 0
            else:
                self.double()
            return
        c = multiply(self._z, b)
        d = multiply(square(b), c ^ z2 if self._curve.a else c)
        z3 = square(c)
        e = multiply(a, c)
        x3 = square(a) ^ d ^ e
        f = x3 ^ multiply(x2, z3)
        self._y = multiply(e ^ z3, f) ^ multiply(x2 ^ y2, square(z3))
        self._x, self._z = x3, z3

    def affine(self) -> Point | None:
        if not self._z:
            return None
        field = self._curve.field
        inverse = field.inverse(self._z)
        return (
            field.multiply(self._x, inverse),
            field.multiply(self._y, field.square(inverse)),
        )


def _signed_windows(scalar: int, width: int) -> list[int]:
    """Non-adjacent form of that width, lowest digit first: odd digits, each followed by zeros."""
    digits = []
    full, half = 1 << width, 1 << width - 1
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & full - 1
            if digit >= half:
                digit -= full
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


CURVES = (
    Curve(
        163, (3, 6, 7), 1,
        0x5FF6108462A2DC8210AB403925E638A19C1455D21,
        0x400000000000000000002BEC12BE2262D39BCF14D,
        0x2E2F85F5DD74CE983A5C4237229DAF8A3F35823BE,
    ),
    Curve(
        167, (6,), 1,
        0x6EE3CEEB230811759F20518A0930F1A4315A827DAC,
        0x3FFFFFFFFFFFFFFFFFFFFFB12EBCC7D7F29FF7701F,
        0x7A1F6653786A68192803910A3D30B2A2018B21CD54,
    ),
    Curve(
        173, (1, 2, 10), 0,
        0x108576C80499DB2FC16EDDF6853BBB278F6B6FB437D9,
        0x800000000000000000000189B4E67606E3825BB2831,
        0x4D41A619BCC6EADF0448FA22FAD567A9181D37389CA,
    ),
    Curve(
        179, (1, 2, 4), 1,
        0x4A6E0856526436F2F88DD07A341E32D04184572BEB710,
        0x3FFFFFFFFFFFFFFFFFFFFFFB981960435FE5AB64236EF,
        0x6BA06FE51464B2BD26DC57F48819BA9954667022C7D02,
    ),
    Curve(
        191, (9,), 1,
        0x7BC86E2102902EC4D5890E8B6B4981FF27E0482750FEFC03,
        0x40000000000000000000000069A779CAC1DABC6788F7474F,
        0x714114B762F2FF4A7912A6D2AC58B9B5C2FCFE76DAEB7128,
    ),
    Curve(
        233, (1, 4, 9), 1,
        0x06973B15095675534C7CF7E64A21BD54EF5DD3B8A0326AA936ECE454D2C,
        0x1000000000000000000000000000013E974E72F8A6922031D2603CFE0D7,
        0x3FCDA526B6CDF83BA1118DF35B3C31761D3545F32728D003EEB25EFE96,
    ),
    Curve(
        257, (12,), 0,
        0x1CEF494720115657E18F938D7A7942394FF9425C1458C57861F9EEA6ADBE3BE10,
        0x800000000000000000000000000000006759213AF182E987D3E17714907D470D,
        0x2A29EF207D0E9B6C55CD260B306C7E007AC491CA1B10C62334A9E8DCD8D20FB6,
    ),
    Curve(
        307, (2, 4, 8), 1,
        0x393C7F7D53666B5054B5E6C6D3DE94F4296C0C599E2E2E241050DF18B6090BDC90186904968BB,
        0x3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC079C2F3825DA70D390FBBA588D4604022B7B7,
        0x216EE8B189D291A0224984C1E92F1D16BF75CCD825A087A239B276D3167743C52C02D6E7232AA,
    ),
    Curve(
        367, (21,), 1,
        0x43FC8AD242B0B7A6F3D1627AD5654447556B47BF6AA4A64B0C2AFE42CADAB8F93D92394C79A79755437B56995136,
        0x40000000000000000000000000000000000000000000009C300B75A3FA824F22428FD28CE8812245EF44049B2D49,
        0x324A6EDDD512F08C49A99AE0D3F961197A76413E7BE81A400CA681E09639B5FE12E59A109F78BF4A373541B3B9A0,
    ),
    Curve(
        431, (1, 3, 5), 1,
        0x3CE10490F6A708FC26DFE8C3D27C4F94E690134D5BFF988D8D28AAEAEDE975936C66BAC536B18AE2DC312CA493117DAA469C640CAF3,
        0x3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFBA3175458009A8C0A724F02F81AA8A1FCBAF80D90C7A95110504CF,
        0x1A62BA79D98133A16BBAE7ED9A8E03C32E0824D57AEF72F88986874E5AAE49C27BED49A2A95058068426C2171E99FD3B43C5947C857C,
    ),
)  # fmt: skip
BY_IDENTIFIER = {f"{NAMED_CURVE}.{number}": curve for number, curve in enumerate(CURVES)}
