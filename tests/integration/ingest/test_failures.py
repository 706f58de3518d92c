"""The database fails, the network fails: nothing half-stored, nothing promised, nothing lost."""

from __future__ import annotations

import http.client
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from portal.ingest.grouping import SMALL_ROWS
from tests.integration.ingest.conftest import World
from tests.support.api import (
    JSON,
    PREFIX,
    Answer,
    Client,
    Record,
    at_once,
    encoded,
    held_up,
    in_background,
)
from tests.support.receipts import stored_part

COPYING = "query ilike 'copy%%' and wait_event_type = 'Lock'"
REPLICATING = "wait_event = 'SyncRep'"
LARGE = SMALL_ROWS + 1  # rows of a batch that waits for no other
IDLE_IN_TRANSACTION = "state = 'idle in transaction'"


@dataclass
class Sent:
    """One batch that is sent again and again."""

    api: Client
    records: list[Record]
    key: UUID
    sequence: int

    @classmethod
    def new(cls, api: Client, n: int = 300) -> Sent:
        return cls(api, api.records(n), uuid4(), api.next_sequence())

    def post(self) -> Answer:
        return self.api.post(self.records, idempotency_key=self.key, sequence=self.sequence)

    def post_until_answered(self) -> Answer:
        """What a sender does: repeat after Retry-After (cut short here) until it is decided."""
        for _ in range(40):
            answer = self.post()
            if answer.status not in (503, 409):
                return answer
            time.sleep(0.1)
        raise AssertionError("not accepted in time")

    def stored(self) -> int:
        count: int = self.api.inspector.value(
            "select count(*) from ledger.transaction where id = any(%s)",
            [UUID(record["id"]) for record in self.records],
        )
        return count


def hold_unavailable(answer: Answer) -> None:
    assert (answer.status, answer.code) == (503, "service_unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_its_backend_is_killed_in_the_middle(world: World) -> None:
    sent = Sent.new(world.api)
    before = world.api.figures()
    with held_up(world.database):
        answering = in_background(sent.post)
        (pid,) = world.api.inspector.await_blocked(where=COPYING)
        world.api.inspector.execute("select pg_terminate_backend(%s)", pid)
        hold_unavailable(answering())
        assert sent.stored() == 0
    assert world.api.figures() == before
    answer = sent.post_until_answered()
    assert (answer.status, sent.stored()) == (201, 300)
    assert (sent.post().status, sent.post().body) == (200, answer.body)
    assert world.api.figures().batches == before.batches + 1


def test_its_statement_is_cancelled_in_the_middle(world: World) -> None:
    """An administrator's cancel, a statement timeout: not the sender's fault, not a failure."""
    sent = Sent.new(world.api)
    with held_up(world.database):
        answering = in_background(sent.post)
        (pid,) = world.api.inspector.await_blocked(where=COPYING)
        world.api.inspector.execute("select pg_cancel_backend(%s)", pid)
        hold_unavailable(answering())
    answer = sent.post_until_answered()
    assert (answer.status, sent.stored()) == (201, 300)


def test_the_whole_server_is_killed_in_the_middle(world: World) -> None:
    sent = [Sent.new(world.api, LARGE) for _ in range(3)]
    before = world.api.figures()
    with held_up(world.database):
        answering = [in_background(one.post) for one in sent]
        world.api.inspector.await_blocked(3, where=COPYING)
        world.installation.kill()
        for one in answering:
            hold_unavailable(one())
        asking = [world.api.post] * 3
        asking += [lambda path=path: world.api.get(path) for path in ("/batches", "/registry")]
        for answer in at_once(*asking):
            hold_unavailable(answer)
        world.installation.start()
    world.api.inspector.close()
    answers = [one.post_until_answered() for one in sent]
    assert [answer.status for answer in answers] == [201] * 3
    assert [one.stored() for one in sent] == [LARGE] * 3
    assert world.api.figures().batches == before.batches + 3
    for one, answer in zip(sent, answers, strict=True):
        assert one.post_until_answered().body == answer.body


def test_a_restarted_server_costs_a_pool_one_request_at_most(world: World) -> None:
    """The connections of a pool are lost together; the first that fails has all replaced."""
    for ask in (lambda: world.api.get("/registry"), world.api.post):
        at_once(*[ask] * 16)  # every worker has several connections now
        world.installation.kill()
        world.installation.start()
        world.api.inspector.close()
        refused = sum(ask().status == 503 for _ in range(30))
        assert refused <= 4, "two workers, each with a pool for reading and one for ingest"


def test_a_batch_that_waits_does_not_stop_others(world: World) -> None:
    """Workers serve other requests while batches wait for the database."""
    for _ in range(5):  # until no connection is left of before the server was killed
        at_once(*[lambda: world.api.get("/registry")] * 8)
    sent = [Sent.new(world.api, LARGE) for _ in range(4)]
    with held_up(world.database):
        answering = [in_background(one.post) for one in sent]
        world.api.inspector.await_blocked(4, where=COPYING)
        started = time.monotonic()
        # A refusal needs a connection too, and is not counted where the held batches are.
        answers = at_once(*[lambda: world.api.get("/registry")] * 8)
        answers += at_once(*[lambda: world.api.post(body=b"[")] * 8)
        assert {answer.status for answer in answers} == {200, 400}
        assert time.monotonic() - started < 5
    assert {one().status for one in answering} == {201}


@contextmanager
def standby_missing(world: World) -> Iterator[None]:
    """Every commit waits for a standby that does not exist."""
    inspector = world.api.inspector
    inspector.execute("alter system set synchronous_standby_names = 'nobody'")
    inspector.execute("select pg_reload_conf()")
    _await_a_commit_that_waits(world)
    try:
        yield
    finally:
        inspector.execute("alter system reset synchronous_standby_names")
        inspector.execute("select pg_reload_conf()")


def _await_a_commit_that_waits(world: World) -> None:
    """Commits wait once the checkpointer has read the setting: seconds later if it is busy.

    Backends are told of a reload before the checkpointer is, so theirs they have by then.
    """
    inspector = world.api.inspector
    deadline = time.monotonic() + 30
    waits = False
    with world.database.connect(autocommit=True) as probe:
        pid = probe.info.backend_pid
        while not waits:
            assert time.monotonic() < deadline, "commits do not wait"
            probe.pgconn.send_query(b"select pg_logical_emit_message(true, 'probe', '')")
            while not waits and probe.pgconn.is_busy():
                time.sleep(0.01)
                waits = inspector.value(
                    f"select {REPLICATING} from pg_stat_activity where pid = %s", pid
                )
                probe.pgconn.consume_input()
            inspector.execute("select pg_cancel_backend(%s)", pid)
            while probe.pgconn.get_result() is not None:
                pass


def cancel_waiting(world: World, how: str = "pg_cancel_backend") -> None:
    (pid,) = world.api.inspector.await_blocked(where=REPLICATING)
    world.api.inspector.execute(f"select {how}(%s)", pid)


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
def test_no_receipt_before_a_standby_has_the_batch(world: World, how: str) -> None:
    """A cancelled wait leaves the batch committed here alone: that is no acknowledgement."""
    world.api.accepted()
    sent = Sent.new(world.api)
    with standby_missing(world):
        answering = in_background(sent.post)
        cancel_waiting(world, how)
        hold_unavailable(answering())
        assert sent.stored() == 300, "the commit itself has happened"

        answering = in_background(sent.post)  # the replay must wait as well
        cancel_waiting(world, how)
        hold_unavailable(answering())
        answering = in_background(sent.post)
        world.api.inspector.await_blocked(where=REPLICATING)
    answer = answering()  # released by the setting, as by a standby that has caught up
    assert answer.status == 200
    kept = world.api.inspector.value(
        "select receipt from ledger.batch where idempotency_key = %s", sent.key
    )
    assert stored_part(answer.body) == bytes(kept)
    assert sent.post().body == answer.body
    assert sent.stored() == 300


def test_a_receipt_is_not_read_either_before_a_standby_has_it(world: World) -> None:
    sent = Sent.new(world.api, 3)
    query = "select id from ledger.batch where idempotency_key = %s"
    with standby_missing(world):
        answering = in_background(sent.post)
        cancel_waiting(world)
        hold_unavailable(answering())
        batch = world.api.inspector.value(query, sent.key)
        for path in (f"/batches/{batch}", "/batches?limit=1000"):
            reading = in_background(lambda path=path: world.api.get(path))
            (pid,) = world.api.inspector.await_blocked(where=REPLICATING, login="dozir_portal")
            world.api.inspector.execute("select pg_cancel_backend(%s)", pid)
            hold_unavailable(reading())
    assert world.api.get(f"/batches/{batch}").body == sent.post().body


def test_the_client_is_gone_before_the_answer(world: World) -> None:
    sent = Sent.new(world.api)
    before = world.api.figures()
    body = encoded(sent.records)
    connection = http.client.HTTPConnection("127.0.0.1", world.server.port)
    with held_up(world.database):
        connection.request(
            "POST",
            PREFIX + "/batches",
            body,
            {
                "Authorization": f"Bearer {world.api.operator.key.text}",
                "Idempotency-Key": str(sent.key),
                "Batch-Sequence": str(sent.sequence),
                "Content-Type": JSON,
            },
        )
        world.api.inspector.await_blocked(where=COPYING)
        assert connection.sock is not None
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()  # a reset, in the middle of the COPY
    deadline = time.monotonic() + 20
    while sent.stored() == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    again = sent.post_until_answered()
    assert again.status == 200
    assert again.document["rows"] == 300
    assert world.api.figures().batches == before.batches + 1


def test_slow_senders_hold_nobody_up(world: World) -> None:
    """Bodies that come a byte at a time, or stop coming, cost a connection and nothing else."""
    slow = []
    for _ in range(60):
        conn = socket.create_connection(("127.0.0.1", world.server.port))
        conn.sendall(
            b"POST /api/v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer " + world.api.operator.key.text.encode() + b"\r\n"
            b"Idempotency-Key: " + str(uuid4()).encode() + b"\r\nBatch-Sequence: 1\r\n"
            b"Content-Length: 100000\r\n\r\n["
        )
        slow.append(conn)
    started = time.monotonic()
    for _ in range(5):
        for conn in slow:
            conn.sendall(b" ")
        world.api.accepted()
    assert time.monotonic() - started < 5
    for conn in slow:
        conn.close()
    world.api.accepted()


def test_the_log_has_no_traceback_and_no_value(world: World) -> None:
    """After all of the above; module order makes this the last test but for reruns."""
    log = re.sub(r'"timestamp":"[^"]*"', "", world.server.log())  # one may end in 12.50
    assert "Traceback" not in log
    for word in ("occurred_at", "12.50", "RA-ONLINE", world.api.operator.key.text):
        assert word not in log
