"""The stream of events over real connections: exact, own, bounded, and gone when it must go."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack, contextmanager

import pytest

from portal.live import stream as streams
from tests.integration.live.test_arrivals import Open
from tests.support.batches import row, store
from tests.support.databases import value
from tests.support.pages import refuse
from tests.support.servers import serving
from tests.support.streams import Reader


def stored(database, operator):
    return store(database, operator, [row(operator)])["batch_id"]


@contextmanager
def granted(somebody):
    """A stream that may have to wait until those that were closed are noticed."""
    deadline = time.monotonic() + 30
    while True:
        with somebody.stream() as stream:
            if stream.status == 200:
                yield stream
                return
            assert stream.status == 429
        assert time.monotonic() < deadline, "closed streams are not noticed"
        time.sleep(0.2)


def test_headers_and_the_hint_when_to_come_back(reader):
    with reader("auditor").stream() as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["x-accel-buffering"] == "no"
        assert "no-store" in stream.headers["cache-control"]
        assert stream.response.readline() == b"retry: 3000\n"
        first = stream.next()
        assert first.id
        assert first.document["whole"]


def test_it_goes_on_from_the_page(reader, database, scene):
    somebody = reader("regulator")
    page = somebody.request("GET", "/live").text
    after = re.search(r"after=([^\"&]+)", page)[1].replace("%3A", ":").replace("%2C", ",")
    batch = stored(database, scene.first)
    with somebody.stream(after=after) as stream:
        first = stream.next()
        assert not first.document["whole"]
        assert first.batches == [batch]
        assert first.document["new"] == [1, 0]
        refuse(database, scene.first)
        assert stream.next().document["new"] == [0, 3]


def test_reconnecting_misses_nothing_and_tells_nothing_twice(reader, database, scene):
    somebody = reader("regulator")
    with ExitStack() as stack:
        slow = Open(stack, database, scene.first)
        with somebody.stream() as stream:
            stream.next()
            seen = stored(database, scene.second)
            assert stream.new_batches(1) == [seen]
            last_id = stream.last_id
        slow.conn.commit()
        meanwhile = stored(database, scene.second)
        with somebody.stream(last_id) as stream:
            first = stream.next()
            assert sorted(first.batches) == sorted([slow.batch_id, meanwhile])
            assert first.document["new"] == [2, 0]
            after = stored(database, scene.first)
            assert stream.new_batches(1) == [after]
        with somebody.stream(stream.last_id) as stream:
            assert stream.next().document["new"] == [0, 0]


@pytest.mark.parametrize("last_id", ["nonsense", "1-1:2:", "1-1:2:' or true--"])
def test_an_id_that_leads_nowhere_gives_the_whole_page(reader, last_id):
    with reader("tax_service").stream(last_id) as stream:
        assert stream.next().document["whole"]


def test_an_operator_sees_its_own_only(reader, database, scene):
    with reader("operator", scene.second).stream() as stream:
        stream.next()
        foreign = stored(database, scene.first)
        refuse(database, scene.first)
        own = stored(database, scene.second)
        event = stream.next()
        while not event.batches:
            event = stream.next()
        assert event.batches == [own]
        assert event.document["new"] == [1, 0]
        assert not re.search(rf"/ledger/batches/{foreign}\b", event.data)
        assert re.search(rf"/ledger/batches/{own}\b", event.data)
        assert "PAGES-FIRST" not in event.data


def test_the_filter_is_the_operator_chosen(reader, database, scene):
    with reader("regulator").stream(operator=scene.second.id) as stream:
        assert all(scene.first.code not in str(part) for part in stream.next().document.values())
        stored(database, scene.first)
        own = stored(database, scene.second)
        assert stream.new_batches(1) == [own]


def test_a_foreign_operator_and_an_absent_one_answer_alike(reader, scene):
    somebody = reader("operator", scene.second)
    answers = []
    for asked in (scene.first.id, 999_999, "x"):
        with somebody.stream(operator=asked) as stream:
            answers.append((stream.status, re.sub(rb"[0-9a-f]{16}", b"", stream.response.read())))
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]


def test_it_ends_when_the_session_ends(reader):
    somebody = reader("regulator")
    with somebody.stream() as stream:
        stream.next()
        somebody.sign_out()
        assert stream.next("end").data == "session"
        assert stream.response.readline() == b""
    with somebody.stream() as stream:
        assert stream.status == 401


@pytest.mark.parametrize("kind", ["person", "operator"])
def test_a_lock_ends_it_at_once_and_no_other(reader, database, scene, kind):
    whose = scene.second
    locked = scene.person("operator", whose) if kind == "person" else whose.id
    watching, other = reader("operator", whose), reader("operator", scene.first)
    officials = reader("regulator"), reader("registrar")
    with watching.stream() as stream, other.stream() as others:
        stream.next()
        others.next()
        assert officials[0].send(f"/access-locks/{kind}/{locked}", reason="Ключ викрадено") == 303
        begun = time.monotonic()
        assert stream.next("end").data == "session"
        assert time.monotonic() - begun < 10 * streams.WATCH_S
        assert others.next().name == "live"
    with watching.stream() as stream:
        assert stream.status == 401
    with database.rolled_back() as conn:
        lock = value(conn, "select max(id) from identity.lock")
    for official in officials:
        assert official.send(f"/access-locks/{lock}/lift", reason="Перевірено") == 303


def test_it_ends_when_its_person_ends_the_session_elsewhere(reader):
    watching, elsewhere = reader("tax_service"), reader("tax_service")
    with watching.stream() as stream:
        stream.next()
        assert elsewhere.send("/account/sessions/end-others") == 303
        assert stream.next("end").data == "session"


def test_it_ends_when_the_person_is_no_longer_who_it_was(reader, database, scene):
    with reader("operator", scene.first).stream() as stream:
        stream.next()
        person = scene.person("operator", scene.first)
        with database.connect() as conn:
            conn.execute("update identity.person set active_until = now() where id = %s", (person,))
        try:
            assert stream.next("end").data == "session"
        finally:
            with database.connect() as conn:
                conn.execute(
                    "update identity.person set active_until = 'infinity' where id = %s", (person,)
                )


def test_watching_does_not_keep_a_session_alive(reader, database, scene):
    somebody = reader("auditor")
    with database.connect() as conn:
        conn.execute(
            "update identity.session set last_seen_at = now() - interval '50 minutes'"
            " where person_id = %s and ended_at is null",
            (scene.person("auditor"),),
        )
    asked = (
        "select count(*) from identity.session where person_id = %s and ended_at is null"
        " and last_seen_at > now() - interval '10 minutes'"
    )
    with somebody.stream() as stream, database.rolled_back() as conn:
        stream.next()
        somebody.request("GET", "/live?refresh=10")
        assert value(conn, asked, (scene.person("auditor"),)) == 0
    somebody.request("GET", "/live")
    with database.rolled_back() as conn:
        assert value(conn, asked, (scene.person("auditor"),)) == 1


def test_fifty_streams_hold_no_connection_and_one_person_has_not_more_than_its_share(
    reader, database, scene
):
    people = [
        reader("regulator"),
        reader("tax_service"),
        reader("auditor"),
        reader("operator", scene.first),
        reader("operator", scene.second),
    ]
    held = (
        "select count(*) from pg_stat_activity where usename = 'dozir_portal'"
        " and datname = current_database()"
    )
    with database.rolled_back() as before:
        others = value(before, held)  # of the exports' companion and of this process
    with ExitStack() as stack, database.rolled_back() as conn:
        opened = [
            stack.enter_context(granted(one))
            for one in people
            for _ in range(streams.MOST_FOR_A_PERSON)
        ]
        for stream in opened:
            stream.next()
        with people[0].stream() as refused:
            assert refused.status == 429
            assert int(refused.headers["retry-after"]) > 0
        page = people[0].request("GET", "/ledger/batches")
        assert page.status == 200
        assert value(conn, held) <= others + 8
        opened_at = value(conn, "select clock_timestamp()")
        batch = stored(database, scene.first)
        for stream in opened[: 4 * streams.MOST_FOR_A_PERSON]:
            assert stream.new_batches(1) == [batch]
        with database.rolled_back() as later:
            # Whatever a stream had held from its opening on, it would hold still.
            assert value(later, held + " and xact_start < %s", (opened_at,)) == 0
    with granted(people[0]) as again:
        again.next()


def test_opening_many_at_the_same_moment_gets_nobody_more_than_its_share(reader):
    somebody = reader("tax_service")
    with granted(somebody):
        pass  # streams of the tests before are gone
    request = f"GET /live/events HTTP/1.1\r\nHost: x\r\nCookie: {somebody.cookie}\r\n\r\n".encode()
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(socket.create_connection(("127.0.0.1", somebody.port), timeout=30))
            for _ in range(4 * streams.MOST_FOR_A_PERSON)
        ]
        for one in crowd:
            one.sendall(request)
        answers = [one.recv(12) for one in crowd]
    assert answers.count(b"HTTP/1.1 429") >= len(crowd) - streams.MOST_FOR_A_PERSON
    assert set(answers) == {b"HTTP/1.1 200", b"HTTP/1.1 429"}


def test_a_worker_that_is_asked_to_stop_does_not_wait_for_streams(database, scene, market):
    with serving(database) as own:
        somebody = Reader(own.port, scene.person("regulator"))
        with somebody.stream() as stream:
            stream.next()
            own.process.terminate()
            assert stream.next("end").data == "restart"
            assert stream.response.readline() == b""
        assert own.process.wait(20) == 0
        assert "graceful timeout" not in own.log().lower()
