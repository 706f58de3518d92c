"""Arithmetic in GF(2^m), polynomial basis: elements are integers whose bits are coefficients.

Addition is ``^``. Everything here works on public values; nothing is constant-time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property


class BinaryField:
    """GF(2)[x] / (x^m + x^k + … + 1), with ``middle`` the exponents k between m and 0; m is odd."""

    def __init__(self, m: int, middle: Sequence[int]) -> None:
        self.m = m
        self.middle = tuple(sorted(middle))
        self._shifts = (0, *self.middle)
        self._mask = (1 << m) - 1
        self.modulus = (1 << m) | sum(1 << shift for shift in self._shifts)

    @property
    def octets(self) -> int:
        """How many bytes hold an element."""
        return (self.m + 7) // 8

    def reduce(self, value: int) -> int:
        """The remainder of a polynomial of any degree."""
        while above := value >> self.m:
            value &= self._mask
            for shift in self._shifts:
                value ^= above << shift
        return value

    def multiply(self, a: int, b: int) -> int:
        """The product: four bits of ``b`` at a time against sixteen multiples of ``a``."""
        a2, a4, a8 = a << 1, a << 2, a << 3
        a3, a12 = a ^ a2, a4 ^ a8
        multiples = {
            "0": 0, "1": a, "2": a2, "3": a3, "4": a4, "5": a4 ^ a, "6": a4 ^ a2, "7": a4 ^ a3,
            "8": a8, "9": a8 ^ a, "a": a8 ^ a2, "b": a8 ^ a3, "c": a12, "d": a12 ^ a,
            "e": a12 ^ a2, "f": a12 ^ a3,
        }  # fmt: skip
        product = 0
        for digit in f"{b:x}":
            product = product << 4 ^ multiples[digit]
        return self.reduce(product)

    def square(self, a: int) -> int:
        """The square: binary digits read in base four are the same bits, spread out."""
        return self.reduce(int(f"{a:b}", 4))

    def inverse(self, a: int) -> int:
        """1/a by the extended Euclidean algorithm; ZeroDivisionError for 0."""
        if not a:
            raise ZeroDivisionError("0 has no inverse")
        u, v, g, h = a, self.modulus, 1, 0
        while u != 1:
            shift = u.bit_length() - v.bit_length()
            if shift < 0:
                u, v, g, h, shift = v, u, h, g, -shift
            u ^= v << shift
            g ^= h << shift
        return self.reduce(g)

    @cached_property
    def _trace_mask(self) -> int:
        """Bit i is Tr(x^i): Newton's identities for the power sums of the modulus, over GF(2)."""
        distances = [self.m - shift for shift in self.middle]
        sums = [self.m & 1]
        for i in range(1, self.m):
            power = i & 1 if i in distances else 0
            for distance in distances:
                if distance < i:
                    power ^= sums[i - distance]
            sums.append(power)
        return sum(bit << i for i, bit in enumerate(sums))

    def trace(self, a: int) -> int:
        """Tr(a) = a + a^2 + a^4 + … + a^(2^(m-1)), which is 0 or 1."""
        return (a & self._trace_mask).bit_count() & 1

    def half_trace(self, a: int) -> int:
        """A solution z of z^2 + z = a where Tr(a) = 0: the sum of a^(4^i), i to (m-1)/2."""
        result = a
        for _ in range((self.m - 1) // 2):
            a = self.square(self.square(a))
            result ^= a
        return result

    def square_root(self, a: int) -> int:
        """a^(2^(m-1))."""
        for _ in range(self.m - 1):
            a = self.square(a)
        return a
