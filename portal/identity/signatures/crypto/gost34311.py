"""GOST 34.311-95: the 256-bit hash of GOST R 34.11-94 with a zero start and Ukraine's S-box.

Built on the block cipher GOST 28147-89; all 256-bit values are little-endian.
Slow in Python, some 350 KB/s: callers bound what they hash.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache

BLOCK = 32
# The national "long-term key element number 1" (ДКЕ № 1): 8 rows of 16 nibbles, the high nibble of
# each byte first; the first row is for the lowest nibble of a word.
DEFAULT_SBOX = bytes.fromhex(
    "A9D6EB45F13C708280C4967B231F5EADF658EBA4C037291D38D96BF025CA4E17"
    "F8E9720DC615B43A28975F0BC1DEA36438B564EA2C179FD0123E6DB8FAC57904"
)
_MASK_32 = 0xFFFFFFFF
_MASK_64 = (1 << 64) - 1
_MASK_256 = (1 << 256) - 1
_C3 = 0xFF00FFFF000000FFFF0000FF00FFFF0000FF00FF00FF00FFFF00FF00FF00FF00
_Tables = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def digest(data: bytes, sbox: bytes = DEFAULT_SBOX) -> bytes:
    """The 32 bytes of the hash; ``sbox`` has 64 bytes in the packed form of the certificates."""
    tables = _tables(sbox)
    state = total = 0
    for start in range(0, len(data), BLOCK):
        block = int.from_bytes(data[start : start + BLOCK], "little")
        state = _step(state, block, tables)
        total = total + block & _MASK_256
    state = _step(state, 8 * len(data), tables)
    return _step(state, total, tables).to_bytes(BLOCK, "little")


@lru_cache(maxsize=4)
def _tables(sbox: bytes) -> _Tables:
    """For each byte of a word: both its nibbles substituted, in place, and rotated left by 11."""
    rows = [
        [nibble for byte in sbox[8 * row : 8 * row + 8] for nibble in (byte >> 4, byte & 15)]
        for row in range(8)
    ]

    def table(place: int) -> tuple[int, ...]:
        low, high = rows[2 * place], rows[2 * place + 1]
        words = ((high[byte >> 4] << 4 | low[byte & 15]) << 8 * place for byte in range(256))
        return tuple((word << 11 | word >> 21) & _MASK_32 for word in words)

    return table(0), table(1), table(2), table(3)


def _step(state: int, message: int, tables: _Tables) -> int:
    """The step function: H' = psi^61(H ^ psi(M ^ psi^12(S)))."""
    substituted = b"".join(
        _encrypt(key, state >> 64 * i & _MASK_64, tables)
        for i, key in enumerate(_keys(state, message))
    )
    mixed = _psi(struct.unpack("<16H", substituted), 12) ^ message
    mixed = _psi(_words(mixed), 1) ^ state
    return _psi(_words(mixed), 61)


def _keys(state: int, message: int) -> Iterable[tuple[int, ...]]:
    """The four cipher keys of a step."""
    u, v = state, message
    yield _key(u ^ v)
    for constant in (0, _C3, 0):
        u = _a(u) ^ constant
        v = _a(_a(v))
        yield _key(u ^ v)


def _a(y: int) -> int:
    """A(y4|y3|y2|y1) = (y1^y2)|y4|y3|y2, of four 64-bit parts."""
    return y >> 64 | ((y ^ y >> 64) & _MASK_64) << 192


def _key(w: int) -> tuple[int, ...]:
    """The permutation P, as the eight words of a cipher key."""
    given = w.to_bytes(BLOCK, "little")
    moved = bytearray(BLOCK)
    for part in range(4):
        moved[part::4] = given[8 * part : 8 * part + 8]
    return struct.unpack("<8I", moved)


def _encrypt(key: Sequence[int], block: int, tables: _Tables) -> bytes:
    """GOST 28147-89, one block of simple substitution: 24 rounds of keys forward, 8 back."""
    t0, t1, t2, t3 = tables
    low, high = block & _MASK_32, block >> 32
    for k in (*key, *key, *key, *reversed(key)):
        x = low + k
        low, high = (
            high ^ t0[x & 255] ^ t1[x >> 8 & 255] ^ t2[x >> 16 & 255] ^ t3[x >> 24 & 255],
            low,
        )
    return struct.pack("<II", high, low)


def _psi(words: Sequence[int], times: int) -> int:
    """The shift register psi on sixteen 16-bit words, lowest first, applied ``times`` times."""
    y = list(words)
    for i in range(times):
        y.append(y[i] ^ y[i + 1] ^ y[i + 2] ^ y[i + 3] ^ y[i + 12] ^ y[i + 15])
    return int.from_bytes(struct.pack("<16H", *y[times:]), "little")


def _words(value: int) -> tuple[int, ...]:
    return struct.unpack("<16H", value.to_bytes(BLOCK, "little"))
