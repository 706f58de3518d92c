"""GOST 34.311-95 and DSTU 7564 (Kupyna) against published values."""

from __future__ import annotations

import pytest

from portal.identity.signatures.crypto import gost34311, kupyna

FOX = b"The quick brown fox jumps over the lazy dog"
TEST_SBOX = bytes.fromhex(
    "4A92D80E6B1C7F53EB4C6DFA23810759581DA342EFC7609B7DA1089FE46CB253"
    "6C715FD84A9E03B24BA0721D36859CFEDB413F590AE7682C1FD057A4923E6B8C"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"abc", "a34a53504d8ba070cb73a583146167a0a3c226d793440d9cea24465fe02251f2"),
        (FOX, "0f1355130b4a820a1e4e3f6474f6bdecc718a4a73345595edc1c1809832b2333"),
    ],
)
def test_gost34311(data: bytes, expected: str) -> None:
    assert gost34311.digest(data).hex() == expected


def test_gost34311_with_the_standards_test_sbox() -> None:
    found = gost34311.digest(b"This is message, length=32 bytes", TEST_SBOX)
    assert found.hex() == "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bytes(range(64)), "08f4ee6f1be6903b324c4e27990cb24ef69dd58dbe84813ee0a52f6631239875"),
        (b"", "cd5101d1ccdf0d1d1f4ada56e888cd724ca1a0838a3521e7131d4fb78d0f5eb6"),
        (b"\xff", "ea7677ca4526555680441c117982ea14059ea6d0d7124d6ecdb3deec49e890f4"),
        (b"abc", "0bd1b36109f1318411a0517315aa46b8839df06622a278676f5487996c9cfc04"),
    ],
)
def test_kupyna256(data: bytes, expected: str) -> None:
    assert kupyna.digest(data, 256).hex() == expected


def test_kupyna512() -> None:
    assert kupyna.digest(bytes(range(64)), 512).hex() == (
        "3813e2109118cdfb5a6d5e72f7208dccc80a2dfb3afdfb02f46992b5edbe536b"
        "3560dd1d7e29c6f53978af58b444e37ba685c0dd910533ba5d78efffc13de62a"
    )


def test_kupyna384_is_the_end_of_the_larger_state() -> None:
    for data in (b"", bytes(range(64)), bytes(200)):
        assert kupyna.digest(data, 384) == kupyna.digest(data, 512)[16:]


@pytest.mark.parametrize("bits", [256, 512])
def test_every_length_around_a_block_gives_another_digest(bits: kupyna.Bits) -> None:
    seen = {kupyna.digest(bytes(length), bits) for length in range(140)}
    assert len(seen) == 140
    assert len({gost34311.digest(bytes(length)) for length in range(70)}) == 70
