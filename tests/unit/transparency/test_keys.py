"""Keys of receipts are rotated with an overlap, and what they signed stays verifiable."""

from __future__ import annotations

import base64
import json
import stat
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from portal import config
from portal.transparency import keys, notes, promises
from portal.transparency.notes import NoteInvalid

ORIGIN = "rotated.example/log"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An instance that has no secret yet, in which a new key signs at once."""
    monkeypatch.setenv("DOZIR_HOME", str(tmp_path))
    monkeypatch.setattr(keys, "LEAD", timedelta(0))
    config.settings.cache_clear()
    yield config.settings().secrets_dir
    config.settings.cache_clear()


def now(later: float = 0) -> str:
    return promises.rfc3339(round((time.time() + later) * 1_000_000))


def receipt(received_at: str) -> bytes:
    """Stored bytes of a receipt, as far as its promise goes."""
    entry = b"an entry"
    facts = {
        "receipt_version": 1, "operator_sequence": 3, "rows": 2, "received_at": received_at,
        "origin": ORIGIN, "batch_root": "ab" * 32, "entry_hash": sha256(entry).hexdigest(),
        "entry": base64.b64encode(entry).decode(), "merge_by": received_at,
    }  # fmt: skip
    return json.dumps(facts).encode()


def answered(stored: bytes) -> bytes:
    told = promises.read(stored)
    return promises.complete(stored, told, *keys.signing_keys(told.origin, told.received_at))


def signers(answer: bytes) -> list[bytes]:
    return [one.key_id for one in notes.read(promises.read(answer).promise)[1]]


def verify(answer: bytes, *known: notes.PublicKey) -> None:
    told = promises.read(answer)
    promises.verify(told, *(known or keys.verifying_keys(ORIGIN, told.received_at)))


def test_both_keys_sign_in_the_overlap_and_then_the_older_one_is_gone(own_home: Path) -> None:
    early = receipt(now())
    [first] = keys.verifying_keys(ORIGIN)
    before = answered(early)
    assert signers(before) == [first.id]
    assert keys.receipt_key(ORIGIN).public == first

    fresh, ending = keys.rotate_receipt_key(timedelta(seconds=1))
    second = fresh.public(ORIGIN)
    assert ending.public(ORIGIN) == first
    assert keys.verifying_keys(ORIGIN) == [second, first]
    assert keys.receipt_key(ORIGIN).public == second
    # The same receipt has the same bytes; a new one is believed by who has either key.
    assert answered(early) == before
    between = answered(receipt(now()))
    assert signers(between) == [second.id, first.id]
    verify(between, first)
    verify(between, second)
    for one in own_home.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600, one

    seed = own_home / keys.RECEIPT_KEY
    old_key = keys._private(ORIGIN, seed)
    time.sleep(1.05)
    after = answered(receipt(now()))
    assert signers(after) == [second.id]
    assert not seed.exists(), "what is not there cannot be stolen"
    # Its receipts hold for ever; answered again they are signed by the key that there is.
    verify(before)
    verify(between)
    again = answered(early)
    assert signers(again) == [second.id]
    verify(again)
    # Whoever stole the seed before promises nothing that was received since.
    stored = receipt(now())
    forged = promises.complete(stored, promises.read(stored), old_key)
    with pytest.raises(NoteInvalid, match="not signed by a key that is known"):
        verify(forged)


def test_a_rotation_within_an_overlap_ends_all_keys_before(own_home: Path) -> None:
    """As after a theft: without overlap, whatever was granted before."""
    keys.rotate_receipt_key(timedelta(days=30))
    third, second, first = keys.rotate_receipt_key(timedelta(0))
    assert second.valid_until == first.valid_until == third.valid_from
    assert signers(answered(receipt(now()))) == [third.public(ORIGIN).id]
    assert sorted(one.name for one in own_home.iterdir()) == ["receipt-key.3", keys.LIST]
    assert third.valid_until == keys.FOR_EVER


def test_nobody_has_answered_without_a_key_that_begins() -> None:
    """A worker may have read the list a moment before: the new key's time begins later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "LEAD", timedelta(minutes=1))
        fresh, ending = keys.rotate_receipt_key(timedelta(days=1))
    begins = datetime.fromisoformat(fresh.valid_from)
    assert timedelta(seconds=50) < begins - datetime.now(UTC) <= timedelta(minutes=1)
    assert signers(answered(receipt(now()))) == [ending.public(ORIGIN).id]
    assert len(signers(answered(receipt(now(61))))) == 2


def test_one_false_signature_among_two_is_not_overlooked() -> None:
    keys.rotate_receipt_key(timedelta(days=1))
    told = promises.read(answered(receipt(now())))
    text, (one, other) = notes.read(told.promise)
    broken = replace(other, signature=bytes(64))
    with pytest.raises(NoteInvalid):
        promises.verify(
            replace_promise(told, notes.write(text, [one, broken])), *keys.verifying_keys(ORIGIN)
        )


def replace_promise(told: promises.Receipt, promise: str) -> promises.Receipt:
    return promises.Receipt(**{name: getattr(told, name) for name in told.__struct_fields__}
                            | {"promise": promise})  # fmt: skip
