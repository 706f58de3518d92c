"""The binary form of entries, byte for byte, and what is no entry."""

from __future__ import annotations

import pytest

from portal.transparency import entries
from portal.transparency.entries import Batch, Entry, EntryInvalid, Kind, Total

BATCH = Batch(
    schema_version=1,
    batch_id=7,
    operator_sequence=3,
    operator_id=5,
    stream="main",
    stream_sequence=9,
    idempotency_key=b"k" * 16,
    access_key_id=2,
    body_sha256=b"b" * 32,
    row_count=2,
    batch_root=b"r" * 32,
    occurred_from_us=-1,
    occurred_until_us=1,
    received_at_us=1_700_000_000_000_000,
    late_count=1,
    totals=(Total(980, 1, 2, 300, 0, 0),),
    operator_signature=b"",
)
ENTRY = Entry(Kind.BATCH, "o.example/log", 1_700_000_000_000_001, "OP-1", b"p" * 32, BATCH.pack())


def test_the_form_is_the_documented_one() -> None:
    assert ENTRY.pack().hex() == (
        b"dozir-entry/v1\n\x01\x0do.example/log".hex()
        + "00060a24181e4001"
        + b"\x04OP-1".hex()
        + (b"p" * 32).hex()
        + "0001" + "0000000000000007" + "0000000000000003" + "00000005"
        + b"\x04main".hex()
        + "0000000000000009" + (b"k" * 16).hex() + "00000002" + (b"b" * 32).hex()
        + "00000002" + (b"r" * 32).hex()
        + "ffffffffffffffff" + "0000000000000001" + "00060a24181e4000" + "00000001"
        + "0001" + "03d4" + "0001" + "00000002" + "000000000000012c" + "00000000" + "00" * 8
        + "0000"
    )  # fmt: skip


def test_what_is_packed_is_unpacked() -> None:
    assert Entry.unpack(ENTRY.pack()) == ENTRY
    assert ENTRY.batch() == BATCH


@pytest.mark.parametrize("end", range(0, len(ENTRY.pack()), 7))
def test_an_entry_cut_short_is_refused(end: int) -> None:
    with pytest.raises(EntryInvalid):
        Entry.unpack(ENTRY.pack()[:end]).batch()


def test_bytes_too_many_are_refused() -> None:
    with pytest.raises(EntryInvalid, match="1 bytes too many"):
        Entry.unpack(ENTRY.pack() + b"\0").batch()


def test_other_versions_and_kinds_are_refused() -> None:
    raw = ENTRY.pack()
    with pytest.raises(EntryInvalid, match="version"):
        Entry.unpack(raw.replace(b"/v1", b"/v2"))
    with pytest.raises(EntryInvalid, match="kind"):
        Entry.unpack(raw.replace(b"\n\x01", b"\n\x63", 1))
    with pytest.raises(EntryInvalid, match="not an entry of a batch"):
        Entry(Kind.REFUSAL, "o", 0, "", entries.NO_HASH, b"{}").batch()
