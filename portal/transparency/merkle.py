"""Merkle trees of RFC 6962, section 2.1, and their proofs.

A tree is known by the hashes of its leaves. Proofs are made from ``Subtree``: a function that gives
the root of the complete or rightmost subtree over leaves ``start`` to ``end`` (exclusive), so that
the same code proves from a list of hashes and from stored tiles.

Verification follows RFC 9162, sections 2.1.3.2 and 2.1.4.2: iterative, and every hash of a proof
has to be used. Indexes count from 0; every hash has 32 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]


class ProofInvalid(ValueError):
    """A proof does not show what it is said to show; the message says why."""


def hash_leaf(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 over 0x00 and its data."""
    return sha256(b"\0" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256 over 0x01 and its two children."""
    return sha256(b"\1" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaf hashes; of none, SHA-256 of nothing.

    Pairs are joined level by level and an odd last one goes up as it is, which gives RFC 6962's
    split at the largest power of two below the size.
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    hashed, prefix = sha256, b"\1"
    while len(level) > 1:
        above = [
            hashed(prefix + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


class Growing:
    """A tree that only grows: the roots of its complete subtrees, from the left, and no more."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Add a leaf."""
        found, size = leaf_hash, self.size
        while size % 2:
            found, size = hash_children(self._peaks.pop(), found), size >> 1
        self._peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            found = hash_children(peak, found)
        return found


def subtree_of(leaf_hashes: Sequence[bytes]) -> Subtree:
    """The subtrees of a tree whose leaf hashes are all at hand."""
    return lambda start, end: root(leaf_hashes[start:end])


def split(size: int) -> int:
    """The largest power of two below ``size``, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962, 2.1.1: from the leaf's sibling up. Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[size]) of RFC 6962, 2.1.2; empty for equal sizes and from nothing."""
    if not 0 <= old <= size:
        raise ValueError("the older tree is not the smaller one")
    if old in (0, size):
        return []
    path = []
    start, end, whole = 0, size, True  # whole: the old tree begins with this subtree's first leaf
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """RFC 9162, 2.1.3.2. Raises ProofInvalid."""
    if not 0 <= index < size:
        raise ProofInvalid("the leaf is not within the tree")
    _check_hashes(leaf_hash, *proof, expected_root)
    node, last, found = index, size - 1, leaf_hash
    for part in proof:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if node % 2 or node == last:
            found = hash_children(part, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hash_children(found, part)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofInvalid("the proof is too short")
    if found != expected_root:
        raise ProofInvalid("the proof leads to another root")


def verify_consistency(
    old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """RFC 9162, 2.1.4.2, and equal sizes and the empty tree. Raises ProofInvalid."""
    if not 0 <= old <= size:
        raise ProofInvalid("the older tree is not the smaller one")
    _check_hashes(old_root, new_root, *proof)
    if old in (0, size):
        if proof:
            raise ProofInvalid("the proof is too long")
        if old == size and old_root != new_root:
            raise ProofInvalid("two roots of one size")
        if old == 0 and old_root != EMPTY_ROOT:
            raise ProofInvalid("the empty tree has another root")
        return
    rest = list(proof)
    if old & (old - 1) == 0:
        rest.insert(0, old_root)
    if not rest:
        raise ProofInvalid("the proof is too short")
    first, second = _both_roots(old - 1, size - 1, rest)
    if first != old_root:
        raise ProofInvalid("the proof leads to another older root")
    if second != new_root:
        raise ProofInvalid("the proof leads to another root")


def _both_roots(node: int, last: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The older and the newer root that a proof leads to. Raises ProofInvalid."""
    while node % 2:
        node, last = node >> 1, last >> 1
    first = second = proof[0]
    for part in proof[1:]:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if node % 2 or node == last:
            first, second = hash_children(part, first), hash_children(part, second)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            second = hash_children(second, part)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofInvalid("the proof is too short")
    return first, second


def _check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofInvalid("a hash does not have 32 bytes")
