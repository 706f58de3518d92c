"""DSTU 7564:2014, the hash function Kupyna, with results of 256, 384 and 512 bits.

The state is 8 columns of 8 bytes for up to 256 bits, 16 columns above; a column is an integer whose
lowest byte is row 0. As with AES, S-boxes and the multiplication by the MDS matrix are one look-up
for each byte. Notation and constants are those of the standard.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

Bits = Literal[256, 384, 512]

# The standard's four S-boxes; row i of the state goes through number i mod 4.
_SBOXES = [
    bytes.fromhex(box)
    for box in (
        "a8435f066b756c5971df879517f0d8096df31dcbc94d2caf79e097fd6f4b4539"
        "3edda34fb4b69a0e1fbf15e149d293c692729e61d163faeef419d5ad58a4bba1"
        "dcf2833742e47a329cccab4a8f6e04272ee7e25a9616232bc265660fbca94741"
        "3448fcb76a88a55386f95bdb387bc31e2233242836c7b23b8e77baf5149f0855"
        "9b4cfe605cda1846cd7d21b03f1b89ffeb84693a9dd7d3706740b5de5d3091b1"
        "781101e5006898a0c502a6742d0ba276b3becebdaee98a311cecf19994aaf626"
        "2fefe88c3503d47ffb05c15e90203d82f7ea0a0d7ef8501ac40757b83c62e3c8"
        "ac526410d0d9130c122951b9cfd6738d8154c0ed4e44a72a8525e6ca7c8b5680",
        "cebbeb92eacb13c1e93ad6b2d29017f8421556b4651c8843c55c36baf557678d"
        "31f664589ef422aa750f02b1df6d734d7c262ef7085d443e9f14c8ae5410d8bc"
        "1a6b69f3bd33abfad19b684e169591ee4c638e5bcc3c19a181497bd96f3760ca"
        "e72b48fd9645fc41120d79e5898ce32030dcb76c4ab53f97d4622d06a4a5835f"
        "2adac9007ea255bf11d59ccf0e0a3d517d931bfec44709860b8f9d6a07b9b098"
        "1832714bef3b70a0e440ffc3a9e678f98b46801e38e1b8a8e00c23761d252405"
        "f16e94289a84e8a34f77d385e252f282507a2f7453b361af3935decd1f99acad"
        "722cddd087be5ea6ec04c60334fbdb59b6c201f05aeda766217f8a27c7c029d7",
        "93d99ab5982245fcba6adf029fdc51594a172bc294f4bba362e471d4cd7016e1"
        "493cc0d85c9bad8553a17ac82de0d172a62cc4e37678b7b4093b0e414cdeb290"
        "25a5d7031100c32e92ef4e129d7dcb3510d54f9e4da955c6d07b1897d336e648"
        "56818f77cc9cb9e2acb82f15a47cda381e0b05d6146e6c7e66fdb1e560af5e33"
        "87c9f05d6d3f888dc7f71de9eced802927cf99a8500f3724283095d23e5b4083"
        "b369571f071c8abc20ebce8eabee31a273f9ca3a1afb0dc1fefaf26fbd96dd43"
        "52b608f3aebe19893226b0ea4b6484826bf579bf015f75631b233d682a65e891"
        "f6ff1358f1470a7fc5a7e7615a0646444204a0db398654aa8c34218bf80c7467",
        "688dca4d734b4e2ad45226b3541e191f2203463d2d4a5383138ab7d52579f5bd"
        "582f0d02ed519e11f23e555ed1163c66705df34540cce8945608ce1a3ad2e1df"
        "b5386e0ee5f4f986e94fd68523cf32993114aeeec848d330a19241b118c42c71"
        "724415fd37be5faa9b88d8ab899cfa60eabc620c24a6a8ec6720db7c28ddac5b"
        "347e10f17b8f63a0059a437721bf2709c39fb6d729c2ebc0a48b8c1dfbffc1b2"
        "972ef865f67507044933e4d9b9d042c76c90008e6f5001c5da473fcd69a2e27a"
        "a7c6930f0a06e62b96a31caf6a128439e7b082f7fe9d875c8135deb4a5fc80ef"
        "cbbb6b76ba5a7d780b95e3ad74983b36646ddcf059a94c177f91b8c9571be061",
    )
]
_MDS = (1, 1, 5, 1, 8, 6, 7, 4)  # first row of the circulant matrix
_POLYNOMIAL = 0x11D  # of GF(2^8): x^8 + x^4 + x^3 + x^2 + 1
_WORD = (1 << 64) - 1
_ROUND_OF_Q = 0x00F0F0F0F0F0F0F3  # added to each column in a round of Q


def digest(data: bytes, bits: Bits) -> bytes:
    """The hash of ``data``, ``bits // 8`` bytes long."""
    columns = 8 if bits <= 256 else 16
    size = 8 * columns
    state = [size, *[0] * (columns - 1)]
    whole = len(data) // size * size
    for start in range(0, whole, size):
        _compress(state, data[start : start + size])
    zeros = -(len(data) + 13) % size
    tail = data[whole:] + b"\x80" + bytes(zeros) + (8 * len(data)).to_bytes(12, "little")
    for start in range(0, len(tail), size):
        _compress(state, tail[start : start + size])
    last = [p ^ h for p, h in zip(_permute_p(list(state)), state, strict=True)]
    return b"".join(word.to_bytes(8, "little") for word in last)[-(bits // 8) :]


def _compress(state: list[int], block: bytes) -> None:
    message = [
        int.from_bytes(block[start : start + 8], "little") for start in range(0, len(block), 8)
    ]
    first = _permute_p([h ^ m for h, m in zip(state, message, strict=True)])
    second = _permute_q(message)
    for j, (p, q) in enumerate(zip(first, second, strict=True)):
        state[j] ^= p ^ q


def _permute_p(state: list[int]) -> list[int]:
    mix = _mixing(len(state))
    for number in range(_rounds(state)):
        for j in range(len(state)):
            state[j] ^= j << 4 ^ number
        state = mix(state)
    return state


def _permute_q(state: list[int]) -> list[int]:
    mix = _mixing(len(state))
    last = len(state) - 1
    for number in range(_rounds(state)):
        for j in range(len(state)):
            added = _ROUND_OF_Q + ((last - j << 4 ^ number) << 56)
            state[j] = state[j] + added & _WORD
        state = mix(state)
    return state


def _rounds(state: list[int]) -> int:
    return 10 if len(state) == 8 else 14


@cache
def _mixing(columns: int) -> Callable[[list[int]], list[int]]:
    """A round after its constant: S-boxes, rows moved by 0 … 6 and 7 or 11 columns, matrix."""
    moves = (*range(7), 7 if columns == 8 else 11)
    sources = [[(j - move) % columns for move in moves] for j in range(columns)]
    t0, t1, t2, t3, t4, t5, t6, t7 = _tables()

    def mix(s: list[int]) -> list[int]:
        return [
            t0[s[a] & 255]
            ^ t1[s[b] >> 8 & 255]
            ^ t2[s[c] >> 16 & 255]
            ^ t3[s[d] >> 24 & 255]
            ^ t4[s[e] >> 32 & 255]
            ^ t5[s[f] >> 40 & 255]
            ^ t6[s[g] >> 48 & 255]
            ^ t7[s[h] >> 56]
            for a, b, c, d, e, f, g, h in sources
        ]

    return mix


@cache
def _tables() -> list[list[int]]:
    """For each row: what a byte there adds to its column, S-box and matrix together."""
    return [
        [
            sum(_times(_MDS[(row - r) % 8], box) << 8 * r for r in range(8))
            for box in _SBOXES[row % 4]
        ]
        for row in range(8)
    ]


def _times(a: int, b: int) -> int:
    """The product in GF(2^8)."""
    product = 0
    while a:
        if a & 1:
            product ^= b
        a >>= 1
        b <<= 1
        if b & 256:
            b ^= _POLYNOMIAL
    return product
