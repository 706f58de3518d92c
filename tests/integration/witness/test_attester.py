"""The log's side: what witnesses sign is verified, published, stored; who hangs stops nobody."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from portal.attest.asking import Asker, Contradicted, NotCosigned
from portal.attest.attester import Attester
from portal.attest.authorities import Authority
from portal.transparency import checkpoints, merkle, notes, policy, publishing, witnessing
from portal.transparency.checkpoints import PrivateKey
from portal.transparency.notes import Kind
from portal.transparency.policy import Group, Policy, Witness
from portal.transparency.tiles import Tiles
from tests.integration.witness.conftest import LOGS, RunningWitness, running_witness
from tests.support.authority import TestAuthority, answering
from tests.support.databases import Database, rows
from tests.support.small_log import SmallLog

PATIENCE_S = 20
KEY = PrivateKey.from_seed("w.example", Kind.ED25519_COSIGNATURE, b"\5" * 32)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)


class Published:
    """A log that publishes into a folder as the sequencer does; its leaves are entry hashes."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder
        self.log = SmallLog(origin, [merkle.hash_leaf(b"%d" % n) for n in range(600)])
        self._tiles = Tiles(folder)
        self.size = 0

    def grow(self, size: int) -> None:
        assert self._tiles.append(self.size, self.log.leaves[self.size : size]) == (
            self.log.checkpoint(size).root
        )
        self.size = size
        publishing.publish(self.folder, self.log.note(size))

    def signers(self, witnesses: list[Witness]) -> set[str]:
        """Which witnesses' signatures hold in what is published."""
        text, signatures = notes.read(publishing.newest(self.folder))
        assert checkpoints.parse(text) == self.log.checkpoint(self.size)
        return {
            one.name for one in witnesses
            if (line := notes.find(signatures, one.key))
            and checkpoints.verify_signature(text, line, one.key)
        }  # fmt: skip


@contextmanager
def silent() -> Iterator[str]:
    """A witness that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def attesting(attester: Attester) -> Iterator[None]:
    thread = threading.Thread(target=attester.run)
    thread.start()
    try:
        yield
    finally:
        attester.stop()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()


def connector(database: Database) -> Callable[[], psycopg.Connection]:
    url = database.url("dozir_sequencer")
    return lambda: psycopg.connect(url, autocommit=True, application_name="attest in test")


def test_two_of_three_vouch_though_the_third_hangs(
    witness: RunningWitness, fresh_database: Database, tmp_path: Path
) -> None:
    published = Published(tmp_path / "log", LOGS[7].origin)
    tsa = TestAuthority(tmp_path / "tsa")
    with (
        running_witness(tmp_path / "w2", [published.log.public], "operator.example/w2") as second,
        silent() as hanging,
        answering(lambda query: (200, {}, tsa.reply(query))) as stamping,
    ):
        trusted = [
            Witness("court", witness.keys[0], witness.url),
            Witness("operator", second.keys[1], second.url + "/"),
            Witness("ministry", KEY.public, hanging),
        ]
        rule = Group("state", 2, ("court", "operator", "ministry"))
        attester = Attester(
            published.folder,
            Policy((), tuple(trusted), (rule,), "state"),
            [Authority("clock", stamping.url, [tsa.root])],
            connect=connector(fresh_database),
            round_seconds=0.05,
            renew_seconds=0.5,
        )
        published.grow(5)
        with attesting(attester):
            until(lambda: published.signers(trusted) == {"court", "operator"})
            # The log goes on while one hangs, across full tiles too.
            for size in (6, 255, 256, 300, 600):
                published.grow(size)
                until(lambda: published.signers(trusted) == {"court", "operator"})
            # The log signs the same tree again: cosignatures stay, and are renewed.
            publishing.publish(published.folder, published.log.note(600))
            assert published.signers(trusted) == {"court", "operator"}
            first = publishing.newest(published.folder)
            until(lambda: publishing.newest(published.folder) != first)
            # A connection cut off: what comes meanwhile is stored when the database is back.
            with fresh_database.connect() as conn:
                conn.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'attest in test'"
                )
            published.log.leaves.append(merkle.hash_leaf(b"more"))
            published.grow(601)
            with fresh_database.connect() as conn:
                until(lambda: len(_stored(conn, 601)) == 2)
    whole = attester._policy.with_logs([published.log.public])
    cosigned = publishing.newest_cosigned(published.folder)
    verdict = policy.judge(whole, cosigned, published.log.origin)
    assert verdict.met
    assert verdict.checkpoint.size == 601
    assert set(verdict.cosigned) == {"court", "operator"}
    with fresh_database.acting_as("operator", 1) as conn:
        found = rows(
            conn,
            "select size, root, quorum_met_at is not null, cosignatures, policy"
            " from api.checkpoints(p_limit => 1)",
        )
        stamps = rows(conn, "select authority, token from api.timestamp_token order by size")
    size, root, met, cosigners, text = found[0]
    assert (size, root, met) == (601, published.log.checkpoint(601).root, True)
    assert {one["witness"] for one in cosigners} == {"court", "operator"}
    assert policy.parse(text.encode()) == attester._policy
    assert [name for name, _ in stamps] == ["clock"], "once an hour"
    assert tsa.accepts(stamps[0][1], published.log.checkpoint(5).text().encode())


def _stored(conn: psycopg.Connection, size: int) -> list[tuple[object, ...]]:
    return rows(conn, "select witness, line from ledger.cosignature where size = %s", (size,))


def test_another_attester_waits_and_its_policy_is_not_in_force(
    fresh_database: Database, tmp_path: Path
) -> None:
    published = Published(tmp_path, "dozir.example/two")
    published.grow(3)
    asked: list[bytes] = []

    def refuse(body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked.append(body)
        return 403, {}, b""

    with answering(refuse) as server:
        one = Witness("w", KEY.public, server.url)
        attester = Attester(
            tmp_path, Policy((), (one,), (), "w"), connect=connector(fresh_database)
        )
        with fresh_database.connect("dozir_sequencer", autocommit=True) as conn:
            conn.execute("select pg_advisory_lock(20261121)")
            with attesting(attester):
                # A transaction would see for ever what its first look at the sessions saw.
                with fresh_database.connect(autocommit=True) as watching:
                    until(lambda: _sessions(watching) == 1)
                time.sleep(0.5)
    assert asked == []
    assert not attester._ours.is_set()
    with fresh_database.connect() as conn:
        assert rows(conn, "select from ledger.trust_policy") == []


def _sessions(conn: psycopg.Connection) -> int:
    found = rows(
        conn,
        "select count(*) from pg_stat_activity where application_name = 'attest in test'"
        " and query like '%%advisory_lock%%'",
    )
    return int(found[0][0])


def test_a_witness_ahead_behind_or_new_is_asked_from_where_it_is(witness: RunningWitness) -> None:
    log = LOGS[8]
    asker = Asker(witness.url, [Witness("w", witness.keys[1], witness.url)])

    def cosign(size: int) -> int:
        found = asker.cosign(log.checkpoint(size), log.note(size), _subtrees(log))
        assert [one.witness for one in found] == ["w"]
        return asker.size

    assert cosign(3) == 3
    assert witness.ask(log.request(3, 10))[0] == 200  # somebody else has it cosign
    assert cosign(20) == 20
    assert cosign(20) == 20
    # The kept connection has gone stale.
    asker._connection.sock.shutdown(socket.SHUT_RDWR)
    assert cosign(30) == 30
    # A log that was rolled back, and one that was forked.
    with pytest.raises(Contradicted, match="a tree of 30 leaves"):
        cosign(25)
    fork = log.forked(at=2)
    with pytest.raises(Contradicted, match="another tree of 30 leaves"):
        asker.cosign(fork.checkpoint(30), fork.note(30), _subtrees(fork))
    with pytest.raises(NotCosigned, match="status 422"):
        asker.cosign(fork.checkpoint(40), fork.note(40), _subtrees(fork))
    assert cosign(40) == 40
    asker.close()


def _subtrees(log: SmallLog) -> Callable[[int], merkle.Subtree]:
    return lambda size: merkle.subtree_of(log.hashes(size))


LOG = SmallLog("dozir.example/lied-to")
HONEST = KEY.sign(LOG.checkpoint(8).text(), 1_700_000_000)
SIZE = {"Content-Type": "text/x.tlog.size"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {}, b""), "does not hold"),
        ((200, {}, b"\xff\xfe"), "UTF-8"),
        ((200, {}, b"yes\n"), "does not hold"),
        # Of a stranger; of another checkpoint; of another log; the bytes of another key.
        (
            PrivateKey.from_seed("w.example", Kind.ED25519_COSIGNATURE, b"\6" * 32),
            "without a signature by a key of the policy",
        ),
        (LOG.key, "without a signature by a key of the policy"),
        (KEY.sign(LOG.checkpoint(9).text(), 1), "does not hold"),
        (KEY.sign(SmallLog("other").checkpoint(8).text(), 1), "does not hold"),
        (
            notes.Signature("w.example", HONEST.key_id, bytes(8) + HONEST.signature[8:]),
            "does not hold",
        ),
        ((200, {}, HONEST.line().encode() * 2), "two signatures"),
        (KEY.sign(LOG.checkpoint(8).text(), 2**40), "yet to come"),
        ((200, {}, HONEST.line().encode() + b"a" * witnessing.MAX_ANSWER_BYTES), "too long"),
        ((302, {"Location": "http://127.0.0.1/"}, b""), "status 302"),
        ((500, {}, HONEST.line().encode()), "status 500"),
        ((409, {"Content-Type": "text/plain"}, b"3\n"), "no size"),
        ((409, SIZE, b"3"), "no size"),
        ((409, SIZE, b"-3\n"), "no size"),
        ((409, SIZE, b"03\n"), "no size"),
        ((409, SIZE, b"9" * 100 + b"\n"), "no size"),
        ((409, SIZE, b"9\n"), "a tree of 9 leaves"),
        ((409, SIZE, b"0\n"), "another tree of 0 leaves"),
    ],
)
def test_a_lie_is_not_believed(answer: object, said: str) -> None:
    if isinstance(answer, PrivateKey):
        answer = answer.sign(LOG.checkpoint(8).text(), 1)
    if isinstance(answer, notes.Signature):
        answer = (200, {}, answer.line().encode())
    with answering(lambda _: answer) as server:
        asker = Asker(server.url, [Witness("w", KEY.public, server.url)])
        with pytest.raises(NotCosigned, match=said):
            asker.cosign(LOG.checkpoint(8), LOG.note(8), _subtrees(LOG))
        asker.close()


def test_a_witness_that_names_ever_other_sizes_is_given_up() -> None:
    sizes = iter([b"1\n", b"2\n", b"3\n", b"4\n"])
    with answering(lambda _: (409, SIZE, next(sizes))) as server:
        asker = Asker(server.url, [Witness("w", KEY.public, server.url)])
        with pytest.raises(NotCosigned, match="others extend it"):
            asker.cosign(LOG.checkpoint(8), LOG.note(8), _subtrees(LOG))
        asker.close()


@pytest.mark.parametrize("drop", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"])
def test_an_answer_that_trickles_in_ends_in_time(drop: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def trickle() -> None:
            client, _ = listening.accept()
            with client:
                client.sendall(drop)
                while not done.wait(0.05):
                    try:
                        client.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=trickle)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        asker = Asker(url, [Witness("w", KEY.public, url)], answer_seconds=0.4)
        began = time.monotonic()
        with pytest.raises(NotCosigned, match=r"no answer|hangs up"):
            asker.cosign(LOG.checkpoint(8), LOG.note(8), _subtrees(LOG))
        assert time.monotonic() - began < 5
        done.set()
        thread.join()


def test_nothing_that_was_not_verified_is_published(
    fresh_database: Database, tmp_path: Path
) -> None:
    """A liar among the witnesses, from the socket to the file and the table."""
    published = Published(tmp_path, "dozir.example/liar")
    published.grow(4)
    asked: list[bytes] = []

    def lie(body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked.append(body)
        other = SmallLog("dozir.example/liar").checkpoint(4).text()
        return 200, {}, KEY.sign(other, 1_700_000_000).line().encode()

    with answering(lie) as server:
        one = Witness("w", KEY.public, server.url)
        attester = Attester(
            tmp_path,
            Policy((), (one,), (), "w"),
            connect=connector(fresh_database),
            round_seconds=0.05,
        )
        with attesting(attester):
            until(lambda: bool(asked))
            published.grow(5)
            until(lambda: len(asked) > 1)
    assert publishing.newest(tmp_path) == published.log.note(5)
    assert publishing.newest_cosigned(tmp_path) == ""
    with fresh_database.connect() as conn:
        for table in ("cosignature", "quorum", "checkpoint"):
            assert rows(conn, psycopg.sql.SQL("select from ledger.{}").format(
                psycopg.sql.Identifier(table))) == []  # fmt: skip
    assert json.dumps(asked[0].decode()).startswith('"old 0\\n\\ndozir.example/liar\\n4\\n')
