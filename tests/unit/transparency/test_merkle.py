"""Trees and proofs against the known roots of RFC 6962's test data and a slow obvious oracle."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.transparency import merkle
from portal.transparency.merkle import ProofInvalid

# The eight leaves of RFC 6962's reference implementation, and the roots over the first n of them.
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def oracle(data: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\0" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\1" + oracle(data[:k]) + oracle(data[k:])).digest()


def hashes(count: int) -> list[bytes]:
    return [merkle.hash_leaf(str(one).encode()) for one in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    found = merkle.root([merkle.hash_leaf(one) for one in LEAVES[:size]])
    assert found.hex() == ROOTS[size]
    assert oracle(LEAVES[:size]) == found


def test_every_proof_of_every_small_tree_holds() -> None:
    for size in range(1, 40):
        leaves = hashes(size)
        subtree, root = merkle.subtree_of(leaves), merkle.root(leaves)
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, subtree)
            merkle.verify_inclusion(leaves[index], index, size, proof, root)
        for old in range(size + 1):
            proof = merkle.consistency_proof(old, size, subtree)
            merkle.verify_consistency(old, merkle.root(leaves[:old]), size, root, proof)


@given(st.integers(1, 200), st.data())
def test_an_inclusion_proof_shows_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, merkle.subtree_of(leaves))
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index or size == 1))
    cases = [(leaves[index], index, size, [*proof, bytes(32)]), (bytes(32), index, size, proof)]
    if size > 1:
        cases += [
            (leaves[index], other, size, proof),
            (leaves[other], index, size, proof),
            (leaves[index], index, size, proof[:-1]),
            (leaves[index], index, size, proof[1:]),
        ]
    cases += [(leaves[index], index, 0, []), (leaves[index], -1, size, proof)]
    cases += [(leaves[index], index, size, [*proof[:-1], b""])]
    for leaf, place, count, path in cases:
        with pytest.raises(ProofInvalid):
            merkle.verify_inclusion(leaf, place, count, path, root)


@given(st.integers(1, 200), st.data())
def test_a_consistency_proof_shows_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    old = data.draw(st.integers(0, size))
    old_root, root = merkle.root(leaves[:old]), merkle.root(leaves)
    proof = merkle.consistency_proof(old, size, merkle.subtree_of(leaves))
    cases = [
        (old, old_root, size, root, [*proof, bytes(32)]),
        (size + 1, old_root, size, root, proof),
        (old, bytes(32), size, root, proof),
    ]
    if old:
        cases.append((old, old_root, size, bytes(32), proof))
    if proof:
        cases.append((old, old_root, size, root, proof[:-1]))
        cases.append((old, old_root, size, root, proof[1:]))
        cases.append((old, old_root, size, root, [proof[0], *proof]))
    for case in cases:
        with pytest.raises(ProofInvalid):
            merkle.verify_consistency(*case)


def test_what_is_not_in_the_tree_has_no_proof() -> None:
    subtree = merkle.subtree_of(hashes(3))
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(3, 3, subtree)
    with pytest.raises(ValueError, match="smaller"):
        merkle.consistency_proof(4, 3, subtree)
