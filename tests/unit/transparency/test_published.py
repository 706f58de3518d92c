"""What the portal believes of the published log: what its key signed, and nothing else."""

from __future__ import annotations

import shutil
from hashlib import sha256

import pytest

from portal.transparency import entries, merkle, notes
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.merkle import ProofInvalid
from portal.transparency.notes import Kind
from portal.transparency.published import CHECKPOINT, LogUnavailable, Published
from portal.transparency.tiles import Tiles

ORIGIN = "example.test/log"
KEY, STOLEN = (
    PrivateKey.from_seed(ORIGIN, Kind.ED25519, bytes([number]) * 32) for number in (1, 2)
)


def hashes(count: int, word: str = "") -> list[bytes]:
    return [sha256(f"{word}{one}".encode()).digest() for one in range(count)]


def publish(folder, entry_hashes, size=0, key=KEY, origin=ORIGIN):
    root = Tiles(folder).append(size, entry_hashes[size:])
    text = Checkpoint(origin, len(entry_hashes), root).text()
    (folder / CHECKPOINT).write_text(notes.write(text, [key.sign(text)]))


@pytest.fixture
def log(tmp_path):
    return Published(tmp_path, [KEY.public])


def test_an_entry_is_held_from_the_checkpoint_on_that_covers_it(tmp_path, log):
    all_of_them = hashes(900)
    with pytest.raises(LogUnavailable):
        log.holds(all_of_them[0], 0, ORIGIN)
    publish(tmp_path, all_of_them[:300])
    assert log.holds(all_of_them[299], 299, ORIGIN)
    assert not log.holds(all_of_them[300], 300, ORIGIN)
    assert log.proof(all_of_them[300], 300, ORIGIN) is None
    publish(tmp_path, all_of_them, 300)
    assert log.holds(all_of_them[300], 300, ORIGIN)
    proof = log.proof(all_of_them[899], 899, ORIGIN)
    assert proof.verify(all_of_them[899], [KEY.public], ORIGIN).checkpoint.size == 900


def test_what_was_never_entered_is_not_held_wherever_one_is_told_to_look(tmp_path, log):
    publish(tmp_path, hashes(300))
    forged = sha256(b"forged").digest()
    for index in (None, 0, 299, 300, 10**18):
        assert not log.holds(forged, index, ORIGIN)
    assert not log.holds(hashes(1)[0], 1, ORIGIN)
    assert not log.holds(hashes(1)[0], 0, "another.test/log")


def test_a_checkpoint_of_another_key_or_name_is_none(tmp_path, log):
    for key, origin in ((STOLEN, ORIGIN), (KEY, "another.test/log")):
        publish(tmp_path, hashes(10), key=key, origin=origin)
        with pytest.raises((LogUnavailable, ProofInvalid)):
            log.proof(hashes(1)[0], 0, ORIGIN)


def test_tiles_rewritten_below_a_good_checkpoint_show_nothing(tmp_path, log):
    publish(tmp_path, hashes(300))
    checkpoint = (tmp_path / CHECKPOINT).read_text()
    shutil.rmtree(tmp_path / "tile")
    forged = hashes(300, "forged")
    publish(tmp_path, forged)
    (tmp_path / CHECKPOINT).write_text(checkpoint)
    assert not log.holds(forged[7], 7, ORIGIN)
    assert not log.holds(hashes(300)[7], 7, ORIGIN)
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(LogUnavailable):
        log.holds(forged[7], 7, ORIGIN)


def test_any_two_sizes_are_consistent_and_no_other(tmp_path, log):
    all_of_them = hashes(700)
    leaves = [entries.leaf_of(one) for one in all_of_them]
    publish(tmp_path, all_of_them)
    for old, size in ((0, 700), (1, 2), (255, 257), (256, 699), (700, 700), (0, 0)):
        first, second, proof = log.consistency(old, size)
        assert (first, second) == (merkle.root(leaves[:old]), merkle.root(leaves[:size]))
        merkle.verify_consistency(old, first, size, second, proof)
    for old, size in ((2, 1), (0, 701), (-1, 5)):
        with pytest.raises(ValueError, match="no two sizes"):
            log.consistency(old, size)
