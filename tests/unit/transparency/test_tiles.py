"""Tiles hold the very tree, however it grew."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest

from portal.transparency import merkle, tiles
from portal.transparency.tiles import Tiles


def entries(count: int) -> list[bytes]:
    return [sha256(str(one).encode()).digest() for one in range(count)]


@pytest.mark.parametrize(
    ("index", "width", "expected"),
    [
        (0, 256, "tile/0/000"),
        (1234067, 256, "tile/0/x001/x234/067"),
        (1234067, 7, "tile/0/x001/x234/067.p/7"),
        (1000, 256, "tile/0/x001/000"),
    ],
)
def test_paths_are_those_of_the_specification(index, width, expected):
    assert tiles.path(0, index, width) == expected


def test_a_tree_that_grew_in_steps_is_the_same_tree(tmp_path):
    rng = random.Random(5)
    all_entries = entries(70_000)
    leaves = [merkle.hash_leaf(one) for one in all_entries]
    log, size = Tiles(tmp_path), 0
    while size < len(all_entries):
        step = min(rng.choice((1, 2, 255, 256, 257, 5_000, 20_000)), len(all_entries) - size)
        root = log.append(size, all_entries[size : size + step])
        size += step
        assert root == merkle.root(leaves[:size])
    # As the specification counts them for 70,000: 273 full tiles and one of 112, and so on.
    assert tiles.width_of(0, 273, 70_000) == 112
    assert tiles.width_of(1, 1, 70_000) == 17
    assert tiles.width_of(2, 0, 70_000) == 1
    assert (tmp_path / "tile/2/000.p/1").read_bytes() == merkle.root(leaves[:65_536])
    subtree = log.subtree(size)
    for index in (0, 1, 65_535, 65_536, 69_999):
        proof = merkle.inclusion_proof(index, size, subtree)
        merkle.verify_inclusion(leaves[index], index, size, proof, root)
    for old in (1, 255, 256, 65_536, 65_537, 69_999):
        proof = merkle.consistency_proof(old, size, subtree)
        merkle.verify_consistency(old, subtree(0, old), size, root, proof)


def test_adding_again_after_a_crash_changes_nothing(tmp_path):
    log, hashes = Tiles(tmp_path), entries(700)
    log.append(0, hashes[:300])
    first = log.append(300, hashes[300:])
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    assert log.append(300, hashes[300:]) == first
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_a_damaged_tile_is_said_to_be_one(tmp_path):
    log = Tiles(tmp_path)
    log.append(0, entries(10))
    (tmp_path / tiles.path(0, 0, 10)).write_bytes(b"short")
    with pytest.raises(ValueError, match="damaged"):
        log.root(10)
    with pytest.raises(FileNotFoundError):
        log.root(300)
