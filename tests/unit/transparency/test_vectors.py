"""Each vector of tests/vectors by each implementation; trees also against one that is not ours."""

from __future__ import annotations

import json

import pymerkle
import pytest
from cryptography.exceptions import InvalidSignature
from hypothesis import given
from hypothesis import strategies as st

from portal.transparency import checkpoints, merkle
from portal.transparency.merkle import ProofInvalid
from portal.transparency.notes import NoteInvalid, PublicKey
from portal.verifier import dozir_verify as verifier
from tests.integration.ledger import reference_verifier as reference
from tests.vectors import make

REFUSALS = (ProofInvalid, NoteInvalid, verifier.Invalid, ValueError, InvalidSignature)


def vectors(group):
    found = sorted((make.FOLDER / group).glob("*.json"))
    assert found
    return [pytest.param(path, id=path.stem) for path in found]


def read(path):
    told = json.loads(path.read_text())
    for name in ("leaf", "root", "old_root"):
        if name in told:
            told[name] = bytes.fromhex(told[name])
    if "proof" in told:
        told["proof"] = [bytes.fromhex(one) for one in told["proof"]]
    return told


def judge(path, verify, *arguments):
    """It holds just where the file's name says so."""
    if path.stem.startswith("holds"):
        return verify(*arguments)
    with pytest.raises(REFUSALS):
        verify(*arguments)
    return None


def test_the_files_are_those_that_are_made():
    found = {
        str(path.relative_to(make.FOLDER)): path.read_text() for path in make.FOLDER.rglob("*.json")
    }
    assert found == make.documents()


@pytest.mark.parametrize("path", vectors("inclusion"))
def test_inclusion(path):
    told = read(path)
    facts = [told[name] for name in ("leaf", "index", "size", "proof", "root")]
    judge(path, merkle.verify_inclusion, *facts)
    judge(path, verifier.verify_inclusion, *facts)


@pytest.mark.parametrize("path", vectors("consistency"))
def test_consistency(path):
    told = read(path)
    names = ("old", "old_root", "size", "root", "proof")
    judge(path, merkle.verify_consistency, *(told[name] for name in names))


@pytest.mark.parametrize("path", vectors("checkpoint"))
def test_checkpoint(path):
    told = read(path)

    def by_the_verifier():
        text, by = verifier.signed_by(told["note"], [verifier.Key.parse(told["vkey"])])
        origin, size, root = verifier.checkpoint_of(text)
        if not by or origin != told["origin"]:
            raise verifier.Invalid("not signed, or another log's")
        return size, root

    def by_the_reference():
        keys = reference.log_keys(f"log {told['vkey']}")
        return reference.check_note(told["note"], keys, told["origin"])[:2]

    def by_the_portal():
        key = PublicKey.parse(told["vkey"])
        signed = checkpoints.verify(told["note"], [key], told["origin"]).checkpoint
        return signed.size, signed.root

    found = [judge(path, one) for one in (by_the_verifier, by_the_reference, by_the_portal)]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("path", vectors("policy"))
def test_policy(path):
    judge(path, verifier.Policy.parse, read(path)["text"])


def test_a_policy_asks_for_as_many_as_it_says():
    text = json.loads((make.FOLDER / "policy" / "holds-nested.json").read_text())["text"]
    policy = verifier.Policy.parse(text)
    w0, w1, w2 = (policy.witnesses[f"w{number}"] for number in range(3))
    met = [policy.met(some) for some in ([], [w0, w1], [w2], [w1, w2], [w0, w2], [w0, w1, w2])]
    assert met == [False, False, False, True, True, True]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70), st.data())
def test_trees_and_proofs_are_those_of_another_library(data, draw):
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    for one in data:
        theirs.append_entry(one)
    hashes = [merkle.hash_leaf(one) for one in data]
    root, size = merkle.root(hashes), len(data)
    grown = verifier.Tree()
    for one in hashes:
        grown.append(one)
    assert theirs.get_root() == root == grown.root() == verifier.root_of(hashes)
    assert root == reference.tree(data)
    index = draw.draw(st.integers(0, size - 1))
    proof = theirs.prove_inclusion(index + 1, size)
    pymerkle.verify_inclusion(hashes[index], root, proof)
    path = [bytes.fromhex(one) for one in proof.serialize()["path"]]
    path.remove(hashes[index])  # they begin with the leaf itself
    own = merkle.inclusion_proof(index, size, merkle.subtree_of(hashes))
    assert sorted(path) == sorted(own)
    old = draw.draw(st.integers(1, size))
    pymerkle.verify_consistency(
        merkle.root(hashes[:old]), root, theirs.prove_consistency(old, size)
    )
