"""Proofs hold for what they are of and for nothing else, whoever altered what of them."""

from __future__ import annotations

import json
import random
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from uuid import uuid4

import msgspec
import pytest

from portal.ingest import copy_format
from portal.transparency import entries, merkle, notes, proofs, rows
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.entries import Batch, Entry, Kind
from portal.transparency.notes import Kind as KeyKind
from portal.transparency.proofs import LogProof, RowProof, verify_row

ORIGIN = "example.test/log"
KEY = PrivateKey.from_seed(ORIGIN, KeyKind.ED25519, bytes(32))
OTHER = PrivateKey.from_seed(ORIGIN, KeyKind.ED25519, bytes([1]) * 32)
KEYS = [KEY.public]
ROWS, INDEX, SIZE = 37, 411, 700


def row(number: int, rng: random.Random) -> rows.Row:
    small = [rng.randrange(1, 5) for _ in range(9)]
    return rows.Row(
        rng.randrange(2**50), 7, rng.randbytes(16), 99, number, small[0], rng.randrange(2**40), 980,
        *small[1:5], rng.randbytes(16), rng.randbytes(16), *small[5:8], bytes(16), 0, uuid4().bytes,
    )  # fmt: skip


@dataclass(frozen=True)
class Made:
    rows: list[rows.Row]
    tuples: list[bytes]
    leaves: list[bytes]
    entry: bytes
    proof: LogProof


@pytest.fixture(scope="module")
def made() -> Made:
    rng = random.Random(11)
    listed = [row(number, rng) for number in range(1, ROWS + 1)]
    tuples = [rows.write(one) for one in listed]
    leaves = [merkle.hash_leaf(one) for one in tuples]
    body = Batch(
        1, 99, 5, 7, "main", 1, bytes(16), 3, bytes(32), ROWS, merkle.root(leaves), 0, 1, 2, 0,
        (), b"",
    )  # fmt: skip
    entry = Entry(Kind.BATCH, ORIGIN, 2, "OPERATOR", bytes(32), body.pack()).pack()
    log = [entries.leaf_of(rng.randbytes(32)) for _ in range(SIZE)]
    log[INDEX] = entries.leaf_of(entries.hash_of(entry))
    subtree = merkle.subtree_of(log)
    text = Checkpoint(ORIGIN, SIZE, merkle.root(log)).text()
    note = notes.write(text, [KEY.sign(text)])
    return Made(
        listed,
        tuples,
        leaves,
        entry,
        LogProof(INDEX, merkle.inclusion_proof(INDEX, SIZE, subtree), note),
    )


def proof_of(made: Made, number: int, *, withhold: bool = False) -> bytes:
    one = made.tuples[number]
    if withhold:
        one = rows.with_player(one, rows.NO_PLAYER)
    return proofs.make_row_proof(one, made.leaves, made.entry, made.proof, withhold=withhold).json()


def test_a_tuple_is_that_of_copy():
    assert rows.TUPLE_BYTES == copy_format.TUPLE_BYTES
    assert list(rows.Row._fields) == [name for name, _ in copy_format.COLUMNS]
    assert [width for _, width in copy_format.COLUMNS] == rows._LENGTHS


def test_every_row_of_a_batch_is_proven(made):
    for number in range(ROWS):
        proven = verify_row(proof_of(made, number), KEYS, ORIGIN)
        assert proven.row == made.rows[number]
        assert (proven.index, proven.sealed) == (INDEX, False)
        assert proven.signed.checkpoint.size == SIZE


def test_a_sealed_proof_commits_to_the_player_without_telling(made):
    document = proof_of(made, 3, withhold=True)
    player = made.rows[3].player
    assert b64encode(player).decode() not in document.decode()
    assert player not in b64decode(json.loads(document)["tuple"])
    proven = verify_row(document, KEYS, ORIGIN)
    assert proven.sealed
    assert proven.row == made.rows[3]._replace(player=rows.NO_PLAYER)
    opened = verify_row(document, KEYS, ORIGIN, player=player)
    assert (opened.sealed, opened.row) == (False, made.rows[3])
    with pytest.raises(proofs.ProofInvalid, match="another player"):
        verify_row(document, KEYS, ORIGIN, player=made.rows[4].player)


def test_facts_of_a_sealed_proof_do_not_open_when_they_were_altered(made):
    proof = RowProof.parse(proof_of(made, 3, withhold=True))
    richer = rows.write(rows.read(proof.tuple)._replace(amount_minor=1))
    forged = msgspec.structs.replace(proof, tuple=richer).json()
    assert verify_row(forged, KEYS, ORIGIN).sealed, "without the player nobody can tell"
    with pytest.raises(proofs.ProofInvalid):
        verify_row(forged, KEYS, ORIGIN, player=made.rows[3].player)


def test_no_altered_byte_and_no_other_part_is_proven(made):
    rng = random.Random(5)
    document = json.loads(proof_of(made, 20))
    for _ in range(400):
        forged = json.loads(json.dumps(document))
        name = rng.choice(["tuple", "entry", "path"])
        raw = bytearray(b64decode(forged["path"][0] if name == "path" else forged[name]))
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        altered = b64encode(raw).decode()
        if name == "path":
            forged["path"][0] = altered
        else:
            forged[name] = altered
        with pytest.raises(proofs.INVALID):
            verify_row(json.dumps(forged).encode(), KEYS, ORIGIN)


@pytest.mark.parametrize(
    "forge",
    [
        lambda d: d | {"path": d["path"] + d["path"][:1]},
        lambda d: d | {"path": d["path"][:-1]},
        lambda d: d | {"path": d["path"][::-1]},
        lambda d: d | {"tuple": d["tuple"][:-4]},
        lambda d: d | {"format": "dozir-row-proof/v2"},
        lambda d: d | {"withheld": ["amount"]},
        lambda d: d | {"withheld": ["player"]},
        lambda d: d | {"leaf": b64encode(bytes(32)).decode(), "withheld": ["player"]},
        lambda d: d | {"more": 1},
        lambda d: d | {"proof": d["proof"].replace(f"index {INDEX}", f"index {INDEX - 1}")},
        lambda d: d | {"proof": d["proof"].replace(f"index {INDEX}", f"index 0{INDEX}")},
        lambda d: d | {"proof": d["proof"].replace(f"\n{SIZE}\n", f"\n{SIZE + 1}\n")},
        lambda d: d | {"proof": d["proof"].replace("tlog-proof@v1", "tlog-proof@v2")},
        lambda d: d | {"proof": d["proof"].partition("\n\n")[0]},
        lambda d: [d],
        lambda d: {},
    ],
)  # fmt: skip
def test_a_document_with_another_part_is_refused(made, forge):
    document = json.dumps(forge(json.loads(proof_of(made, 20)))).encode()
    with pytest.raises(proofs.INVALID):
        verify_row(document, KEYS, ORIGIN)


@pytest.mark.parametrize(
    "document", [b"", b"[" * 100_000, b"\xff", b"null", b'{"format": 1e999}', b'{"format": "\xff"}']
)
def test_what_is_no_document_is_refused(document):
    with pytest.raises(proofs.INVALID):
        verify_row(document, KEYS, ORIGIN)


def test_only_the_logs_own_key_and_name_count(made):
    document = proof_of(made, 1)
    for keys, origin in (([OTHER.public], ORIGIN), (KEYS, "another.test/log"), ([], ORIGIN)):
        with pytest.raises(proofs.INVALID):
            verify_row(document, keys, origin)


def test_rows_that_are_not_those_of_the_entry_get_no_proof(made):
    leaves = [*made.leaves[:5], bytes(32), *made.leaves[6:]]
    with pytest.raises(proofs.ProofInvalid, match="not those that were accepted"):
        proofs.make_row_proof(made.tuples[5], leaves, made.entry, made.proof, withhold=False)


def test_the_text_of_a_proof_is_that_of_the_specification(made):
    lines = made.proof.text().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == f"index {INDEX}"
    empty = lines.index("")
    assert [b64decode(one) for one in lines[2:empty]] == made.proof.path
    assert "\n".join(lines[empty + 1 :]) == made.proof.checkpoint
    assert LogProof.parse(made.proof.text()) == replace(made.proof)
    extra = made.proof.text().replace("\nindex", "\nextra QUJD\nindex")
    assert LogProof.parse(extra) == made.proof
