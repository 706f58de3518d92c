"""What a witness answers: each status of C2SP tlog-witness, and that it never takes back a word."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.transparency import checkpoints, notes, witnessing
from portal.transparency.checkpoints import PrivateKey
from portal.transparency.notes import Kind
from portal.witness.cosigning import Answer, Witness
from portal.witness.state import FORKS, STATE, State, StateProblem
from tests.support.small_log import SmallLog

LOG = SmallLog("dozir.example/log")
NAME = "court.example/w1"
NOW = 1_700_000_000.5


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    held = State(tmp_path / "w", NAME)
    yield held
    held.close()


@pytest.fixture
def witness(state: State) -> Witness:
    return Witness(state, [LOG.public], clock=lambda: NOW)


def size_told(answer: Answer) -> int:
    assert (answer.status, answer.content_type) == (409, "text/x.tlog.size")
    return witnessing.read_size(answer.body)


def test_it_cosigns_what_grows_with_both_of_its_keys(state: State, witness: Witness) -> None:
    old = 0
    for size in (0, 1, 2, 7, 7, 8, 33, 40):
        answer = witness.add_checkpoint(LOG.request(old, size))
        assert answer.status == 200, answer
        # As the specification has clients do it: add the answer to the checkpoint and verify.
        keys = [one.public for one in state.keys]
        signed = checkpoints.verify(LOG.note(size) + answer.body.decode(), keys, LOG.origin)
        assert signed.checkpoint == LOG.checkpoint(size)
        assert signed.by == dict.fromkeys(keys, 1_700_000_000)
        assert {key.kind for key in keys} == {
            Kind.ED25519_COSIGNATURE, Kind.ML_DSA_44_COSIGNATURE,
        }  # fmt: skip
        old = size


def test_the_request_of_the_specification_is_read() -> None:
    example = (
        "old 20852014\n"
        "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
        "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
        "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
        "\n"
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc"
        "yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/"
        "V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
    )
    read = witnessing.read_request(example.encode())
    assert (read.old, len(read.proof), read.checkpoint.size) == (20852014, 4, 20852163)
    assert [one.key_id.hex() for one in read.signatures] == ["033de0ae", "a292ea05"]
    note = notes.write(read.text, read.signatures)
    assert witnessing.write_request(read.old, read.proof, note) == example.encode()


GOOD = LOG.request(0, 8).decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        GOOD.replace("old 0", "old"),
        GOOD.replace("old 0", "Old 0"),
        GOOD.replace("old 0", "old  0"),
        GOOD.replace("old 0", "old 00"),
        GOOD.replace("old 0", "old 01"),
        GOOD.replace("old 0", "old -1"),
        GOOD.replace("old 0", "old +0"),
        GOOD.replace("old 0", "old \u0660"),
        GOOD.replace("old 0", "old 0 "),
        GOOD.replace("old 0", "old 0\r"),
        GOOD.replace("old 0", "old 99999999999999999999"),
        GOOD.replace("old 0\n", ""),
        GOOD.replace("old 0\n\n", "old 0\n"),
        GOOD.replace("old 0\n\n", "\nold 0\n\n"),
        GOOD.replace("old 0\n\n", "old 0\n\n\n"),
        GOOD.replace("old 0\n", "old 0\nnot base 64\n"),
        GOOD.replace("old 0\n", "old 0\nAAAA\n"),
        GOOD.replace("old 0\n", "old 0\n" + "A" * 42 + "B=\n"),  # not the canonical form
        GOOD.replace("old 0\n", "old 0\n" + ("A" * 43 + "=\n") * 64),
        GOOD.replace("\n8\n", "\n08\n"),
        GOOD.replace("\n8\n", "\n8.0\n"),
        GOOD.rstrip("\n"),
        GOOD.rpartition("— ")[0],
        GOOD + "\n",
        GOOD + "— x y\n",
        GOOD.replace("— ", "- "),
        GOOD + GOOD[GOOD.index("— ") :] * 100,
        LOG.request(0, 8).replace(b"old 0", b"old 0\xff"),
        GOOD.replace("old 0\n", "old 9\n"),  # above the size
    ],
)
def test_a_malformed_request_is_a_bad_request(witness: Witness, body: str | bytes) -> None:
    assert body != GOOD
    raw = body.encode() if isinstance(body, str) else body
    assert witness.add_checkpoint(raw).status == 400
    assert witness.last(LOG.origin).note == ""


def test_63_lines_of_a_proof_are_read_and_then_refused_as_a_proof(witness: Witness) -> None:
    garbage = [bytes([n]) * 32 for n in range(63)]
    assert witness.add_checkpoint(LOG.request(0, 8)).status == 200
    for proof in (garbage, [], LOG.proof(8, 20)[:-1], [*LOG.proof(8, 20), bytes(32)]):
        body = witnessing.write_request(8, proof, LOG.note(20))
        assert witness.add_checkpoint(body).status == 422
    assert size_told(witness.add_checkpoint(LOG.request(0, 20))) == 8
    # From nothing, and where nothing was added, a proof is empty.
    for old, size in ((0, 8), (8, 8)):
        fresh = Witness(witness._state, [LOG.public])
        body = witnessing.write_request(old, [bytes(32)], LOG.note(size))
        assert fresh.add_checkpoint(body).status == (409 if old == 0 else 422)


def test_from_nothing_a_proof_is_empty(witness: Witness) -> None:
    body = witnessing.write_request(0, [bytes(32)], LOG.note(8))
    assert witness.add_checkpoint(body).status == 422


def test_another_log_is_not_found_and_a_forged_signature_is_forbidden(witness: Witness) -> None:
    other = SmallLog("dozir.example/other")
    assert witness.add_checkpoint(other.request(0, 8)).status == 404
    forger = PrivateKey.from_seed(LOG.origin, Kind.ED25519, b"\1" * 32)
    forged = forger.sign(LOG.checkpoint(8).text())
    honest = LOG.key.sign(LOG.checkpoint(8).text())
    text = LOG.checkpoint(8).text()
    for signature in (
        forged,
        notes.Signature(LOG.origin, honest.key_id, forged.signature),
        notes.Signature("w.example", honest.key_id, honest.signature),
        notes.Signature(LOG.origin, honest.key_id, honest.signature[:-1]),
        LOG.key.sign(LOG.checkpoint(7).text()),
        PrivateKey.from_seed(LOG.origin, Kind.ED25519_COSIGNATURE, b"\1" * 32).sign(text, 1),
    ):
        body = witnessing.write_request(0, [], notes.write(text, [signature]))
        assert witness.add_checkpoint(body).status == 403
    assert witness.last(LOG.origin).note == ""
    # Signatures of strangers are passed over; one of the log's that holds is enough.
    broken = notes.Signature(LOG.origin, honest.key_id, forged.signature)
    body = witnessing.write_request(0, [], notes.write(text, [forged, broken, honest, honest]))
    assert witness.add_checkpoint(body).status == 200


def test_the_checks_come_in_the_order_of_the_specification(witness: Witness) -> None:
    """Who is no one's log is told nothing else; who forges is not told the size."""
    assert witness.add_checkpoint(LOG.request(0, 20)).status == 200
    other = SmallLog("dozir.example/other")
    unsigned = witnessing.write_request(9, [], other.note(8))
    assert witness.add_checkpoint(unsigned).status == 404
    forger = PrivateKey.from_seed(LOG.origin, Kind.ED25519, b"\1" * 32)
    forged = witnessing.write_request(9, [], LOG.note(8, forger))
    assert witness.add_checkpoint(forged).status == 403
    assert witness.add_checkpoint(witnessing.write_request(9, [], LOG.note(8))).status == 400
    # A stale size before a proof that does not hold.
    stale = witnessing.write_request(8, [bytes(32)], LOG.note(30))
    assert size_told(witness.add_checkpoint(stale)) == 20


def test_a_rollback_is_refused_for_ever(tmp_path: Path) -> None:
    for _ in range(3):  # also by those who come after a restart
        state = State(tmp_path / "w", NAME)
        witness = Witness(state, [LOG.public])
        witness.add_checkpoint(LOG.request(0, 20))
        assert size_told(witness.add_checkpoint(LOG.request(0, 8))) == 20
        assert size_told(witness.add_checkpoint(LOG.request(8, 8))) == 20
        assert witness.add_checkpoint(LOG.request(20, 20)).status == 200
        state.close()


def test_a_fork_is_refused_and_both_trees_are_kept(state: State, witness: Witness) -> None:
    assert witness.add_checkpoint(LOG.request(0, 20)).status == 200
    fork = LOG.forked(at=5)
    for old in (20, 0, 7):
        assert size_told(witness.add_checkpoint(fork.request(old, 20))) == 20
    assert witness.add_checkpoint(fork.request(20, 30)).status == 422
    kept = list((state._folder / FORKS).iterdir())
    assert len(kept) == 1, "the same lie once"
    assert fork.note(20) in kept[0].read_text()
    assert LOG.checkpoint(20).text() in kept[0].read_text()
    # The honest one goes on.
    assert witness.add_checkpoint(LOG.request(20, 30)).status == 200


def test_a_log_that_changes_its_key_is_known_by_both(state: State) -> None:
    fresh = PrivateKey.from_seed(LOG.origin, Kind.ML_DSA_44_COSIGNATURE, b"\2" * 32)
    witness = Witness(state, [LOG.public, fresh.public])
    assert witness.origins == [LOG.origin]
    for old, size, signer in ((0, 8, LOG.key), (8, 9, fresh), (9, 12, LOG.key)):
        body = witnessing.write_request(old, LOG.proof(old, size), LOG.note(size, signer))
        assert witness.add_checkpoint(body).status == 200


def test_the_race_of_the_specification_is_lost_by_one(tmp_path: Path) -> None:
    """Two extensions of the same checkpoint at the same moment: the size never goes back."""
    chance = random.Random(7)
    state = State(tmp_path / "w", NAME)
    witness = Witness(state, [LOG.public])
    old = 0
    for _ in range(12):
        sizes = [old + chance.randint(1, 3) for _ in range(4)]
        answers: list[tuple[int, Answer]] = []
        barrier = threading.Barrier(len(sizes))

        def ask(size: int, old: int = old, barrier: threading.Barrier = barrier) -> None:
            body = LOG.request(old, size)
            barrier.wait()
            answers.append((size, witness.add_checkpoint(body)))  # noqa: B023

        threads = [threading.Thread(target=ask, args=(size,)) for size in sizes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = {size for size, answer in answers if answer.status == 200}
        assert len(won) == 1
        (old,) = won
        assert {size_told(answer) for _, answer in answers if answer.status != 200} <= {old}
        assert witness.last(LOG.origin).checkpoint == LOG.checkpoint(old)
    state.close()


def test_what_cannot_be_kept_is_not_signed(state: State, witness: Witness) -> None:
    assert witness.add_checkpoint(LOG.request(0, 8)).status == 200
    in_the_way = state._folder / f".{STATE}.fresh"
    in_the_way.mkdir()
    with pytest.raises(IsADirectoryError):
        witness.add_checkpoint(LOG.request(8, 20))
    in_the_way.rmdir()
    assert witness.last(LOG.origin).checkpoint.size == 8
    assert witness.add_checkpoint(LOG.request(8, 12)).status == 200


def test_a_clock_set_back_does_not_turn_the_order_round(state: State) -> None:
    moments = iter([2_000, 1_900, 2_100, 9_000, 2_200])
    witness = Witness(state, [LOG.public], clock=lambda: next(moments))
    told = []
    for old, size in ((0, 8), (8, 12), (12, 20), (20, 21), (21, 22)):
        witness.add_checkpoint(LOG.request(old, size))
        told.append(witness.last(LOG.origin).at)
    assert told == [2_000, 2_000, 2_100, 9_000, 2_200], "one that was far ahead is set right"


def test_the_same_question_again_costs_no_signature_for_a_moment(state: State) -> None:
    now = 1000
    witness = Witness(state, [LOG.public], clock=lambda: now)
    first = witness.add_checkpoint(LOG.request(0, 8))
    written = (state._folder / STATE).stat().st_ino
    now += 4
    assert witness.add_checkpoint(LOG.request(8, 8)) == first
    assert (state._folder / STATE).stat().st_ino == written
    # Not where something else is asked, and not for long: the log wants to hear that it is watched.
    longer = LOG.checkpoint(8).text() + "more\n"
    body = witnessing.write_request(8, [], notes.write(longer, [LOG.key.sign(longer)]))
    assert witness.add_checkpoint(body).body != first.body
    now += 6
    again = witness.add_checkpoint(LOG.request(8, 8))
    assert again.status == 200
    assert again.body != first.body


def test_two_processes_do_not_share_a_folder(state: State) -> None:
    with pytest.raises(StateProblem, match="another witness"):
        State(state._folder)


def test_a_witness_that_lost_its_memory_does_not_sign(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    with pytest.raises(StateProblem, match="needs a name"):
        State(folder)
    for name in ("a b", "a+b", "", "x" * 256):
        with pytest.raises(StateProblem, match="a name"):
            State(folder, name)
    state = State(folder, NAME)
    Witness(state, [LOG.public]).add_checkpoint(LOG.request(0, 8))
    state.close()
    for file in (folder, *folder.iterdir()):
        assert file.stat().st_mode & 0o077 == 0
    whole = (folder / STATE).read_bytes()
    with pytest.raises(StateProblem, match="stays for ever"):
        State(folder, "other.example")
    for damaged in (
        b"",
        whole[:-20],
        whole.replace(b"\\n8\\n", b"\\n7\\n"),
        whole.replace(b"dozir.example/log\\n8", b"dozir.example/lug\\n8"),
        b"{}",
        b"[]",
        b'{"name": 1, "logs": {"x": 1}}',
    ):
        assert damaged != whole
        (folder / STATE).write_bytes(damaged)
        with pytest.raises(StateProblem, match=r"damaged|name"):
            State(folder)
    (folder / STATE).unlink()
    with pytest.raises(StateProblem, match="must not sign again"):
        State(folder)
    (folder / STATE).write_bytes(whole)
    state = State(folder)
    assert state.name == NAME
    assert state.last(LOG.origin).checkpoint.size == 8
    state.close()
