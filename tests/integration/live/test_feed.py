"""Readers that are slow or gone and a database that is silent: nothing grows, nobody else waits."""

from __future__ import annotations

import socket
import threading
import time
from types import SimpleNamespace

import pytest

from portal import db
from portal.errors import DatabaseUnavailable
from portal.identity import login
from portal.live import feed, state, stream
from portal.live.feed import Feed
from portal.live.state import LISTED, Scope
from tests.support.batches import row, store

ALL = Scope("regulator")
SOMEBODY = SimpleNamespace(person_id=1, role="regulator", operator_id=None)
SESSION = b"\0" * 32


@pytest.fixture
def watching(database, monkeypatch):
    """``watching()``: a stream in this process, its events as (name, what the writer was given)."""
    monkeypatch.setattr(feed, "INTERVAL_S", 0.05)
    monkeypatch.setattr(stream, "WATCH_S", 0.05)
    monkeypatch.setattr(
        login, "living", lambda digests: dict.fromkeys(digests, (1, "regulator", None))
    )
    chunks = []

    def write(now, new):
        return f"{now.batch_total} {new.batch_count if new else '-'} {len((new or now).batches)}"

    def watch(own=None, connection=None):
        opened = stream.Stream(SOMEBODY, SESSION, own or Feed(ALL), connection)
        events = opened.events(None, lambda after, now: None, write, "en")
        chunks.append(events)
        assert next(events) == b"retry: 3000\n\n"
        return opened, events

    yield watch
    for events in chunks:
        events.close()
    await_(lambda: not stream._open and not stream._watching)


def await_(true):
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.01)


def told(events):
    """The next event that is no heartbeat: its name and its data."""
    for chunk in events:
        lines = dict(line.split(": ", 1) for line in chunk.decode().splitlines() if ": " in line)
        if "event" in lines:
            return lines["event"], lines["data"]
    return None


def test_a_reader_that_takes_nothing_for_long_is_given_the_difference(watching, database, scene):
    own = Feed(ALL)
    _, slow = watching(own)
    _, quick = watching(own)
    assert told(slow)[0] == told(quick)[0] == "live"
    seen = 0
    for _ in range(LISTED + 5):
        store(database, scene.first, [row(scene.first)])
        if seen < LISTED:
            seen += int(told(quick)[1].split()[1])
    while seen < LISTED + 5:
        seen += int(told(quick)[1].split()[1])
    # For the slow one nothing was kept: one event says how many came, and shows the last.
    assert told(slow) == ("live", f"{LISTED + 5} {LISTED + 5} {LISTED}")
    assert len(own._made) <= 2


def test_many_readers_are_told_more_rarely_so_that_ingest_is_not_slowed():
    assert [feed.interval(n) for n in (0, 1, 60, 120, 240)] == [1, 1, 1, 2, 4]


def pollers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "live"}


def test_the_poller_stops_when_nobody_watches(watching):
    others = pollers()  # of tests before, on their way out
    own = Feed(ALL)
    _, events = watching(own)
    assert told(events)[0] == "live"
    [poller] = pollers() - others
    events.close()
    await_(lambda: own.idle)
    assert own.told is None
    poller.join(20)
    assert not poller.is_alive()


def test_one_poller_serves_all_readers_of_a_scope(watching):
    others = pollers()
    own = Feed(ALL)
    readers = [watching(own)[1] for _ in range(20)]
    assert {told(events)[0] for events in readers} == {"live"}
    assert len(pollers() - others) == 1


def test_a_silent_database_is_told_and_the_figures_go_on_after_it(
    watching, database, scene, monkeypatch
):
    _, events = watching()
    assert told(events)[0] == "live"
    with monkeypatch.context() as broken:

        def fail(*_args, **_named):
            raise DatabaseUnavailable

        broken.setattr(db, "acting_as", fail)
        while (said := told(events))[0] == "live":
            pass
        assert said == ("stale", "")
    store(database, scene.first, [row(scene.first)])
    name, data = told(events)
    assert name == "live"
    while data.split()[0] == "0":
        name, data = told(events)
    assert data.split()[:2] == ["1", "1"]


def test_a_reader_that_blocks_is_cut_off(watching, monkeypatch):
    monkeypatch.setattr(stream, "LONGEST_SEND_S", 0.1)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watching(connection=ours)  # its first chunk is never taken from the generator's hands
        theirs.settimeout(20)
        assert theirs.recv(1) == b""


def test_a_reader_that_has_gone_is_noticed_before_the_next_event(watching):
    ours, theirs = socket.socketpair()
    with ours:
        opened, events = watching(connection=ours)
        told(events)
        theirs.close()
        await_(lambda: opened.ended)
        assert list(events)[-1].startswith(b"event: end")


def test_a_stream_ends_by_itself(watching, monkeypatch):
    monkeypatch.setattr(stream, "LIFE_S", 0.2)
    _, events = watching()
    assert [chunk for chunk in events if chunk.startswith(b"event: end")] == []


def test_heartbeats_go_out_while_there_is_nothing_to_tell(watching, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.01)
    _, events = watching()
    assert b": still here\n\n" in [next(events) for _ in range(3)]


def test_what_changes_without_a_batch_is_told_too(watching, database, scene, monkeypatch):
    """The rate falls to nothing when nothing comes."""
    store(database, scene.first, [row(scene.first)])
    monkeypatch.setattr(state, "NOW_SECONDS", 2)
    own = Feed(ALL)
    _, events = watching(own)
    assert told(events)[0] == "live"
    while own.told.now_rows:
        assert told(events)[0] == "live"
