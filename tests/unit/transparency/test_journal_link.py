"""A journal on another host: on the disk before it is acknowledged, and only for who knows."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.transparency import journal_link
from portal.transparency.entries import MAGIC
from portal.transparency.journal import Journal, Leaves, read
from portal.transparency.journal_link import JournalLink, JournalServer, Sealed

SECRET = b"the secret of both"
ENTRIES = [MAGIC + bytes([number]) * 50 for number in range(5)]


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[int]:
    server = JournalServer("127.0.0.1", port, folder, SECRET)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with serving(tmp_path) as made:
        yield made


@pytest.fixture
def link(port: int) -> Iterator[JournalLink]:
    made = JournalLink("127.0.0.1", port, SECRET)
    yield made
    made.close()


def test_what_is_acknowledged_is_there_and_is_read_back(link, tmp_path):
    link.append(ENTRIES[:2])
    assert list(read(tmp_path)) == ENTRIES[:2]
    link.ensure(ENTRIES[1:4])
    leaves = Leaves(7, (bytes(32), bytes([1]) * 32))
    link.append([leaves.pack()])
    documents = list(link.read())
    assert documents == [*ENTRIES[:4], leaves.pack()]
    assert Leaves.unpack(documents[-1]) == leaves
    assert list(link.read("9999-01-01")) == []
    link.append(ENTRIES[4:])
    assert list(read(tmp_path))[-1] == ENTRIES[4]


def test_much_goes_in_parts(link, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_link, "FRAME_BYTES_MAX", 300)
    monkeypatch.setattr(journal_link, "PART_BYTES", 100)
    link.append(ENTRIES)
    assert list(read(tmp_path)) == ENTRIES
    assert list(link.read()) == ENTRIES


def test_a_wrong_secret_writes_and_reads_nothing(port, link, tmp_path):
    link.append(ENTRIES[:1])
    stranger = JournalLink("127.0.0.1", port, b"another secret")
    for attempt in (
        lambda: stranger.append(ENTRIES[1:]),
        lambda: stranger.ensure(ENTRIES[1:]),
        lambda: list(stranger.read()),
    ):
        with pytest.raises(OSError, match=r"went away|reset"):
            attempt()
    assert list(read(tmp_path)) == ENTRIES[:1]
    link.append(ENTRIES[1:2])


def test_a_journal_that_does_not_know_the_secret_is_not_believed(tmp_path):
    with serving(tmp_path) as port:
        link = JournalLink("127.0.0.1", port, b"the true secret")
        with pytest.raises(OSError, match=r"went away|reset"):
            link.append(ENTRIES)
        link.close()


class Recording(socket.socket):
    """Keeps what is sent."""

    sent = b""

    def sendall(self, data, *_):
        Recording.sent += bytes(data)
        return super().sendall(data)


def test_what_was_heard_can_be_neither_read_nor_played_again(port, tmp_path):
    connection = Recording(socket.AF_INET)
    connection.connect(("127.0.0.1", port))
    Sealed(connection, SECRET, calls=True).send(b"a" + journal_link.pack(ENTRIES[:1]))
    connection.recv(100)
    connection.close()
    assert ENTRIES[0][:20] not in Recording.sent
    assert len(list(read(tmp_path))) == 1
    with socket.create_connection(("127.0.0.1", port), 5) as again:
        again.sendall(Recording.sent)
        while again.recv(1000):
            pass
    assert len(list(read(tmp_path))) == 1


def test_a_stranger_is_heard_neither_for_long_nor_for_much(port, link, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_link, "GREETING_SECONDS", 0.3)
    link.append(ENTRIES[:1])
    greeting = journal_link.VERSION + bytes([9]) * 32
    for said in (b"", greeting[:3], greeting, greeting + b"\x7f\xff\xff\xff" + bytes(1000)):
        with socket.create_connection(("127.0.0.1", port), 5) as stranger:
            stranger.sendall(said)
            with contextlib.suppress(ConnectionError):
                while stranger.recv(1000):
                    pass
    link.append(ENTRIES[1:2])
    assert list(read(tmp_path)) == ENTRIES[:2]


@pytest.mark.parametrize(
    "message",
    [
        b"a\0\0\0\5abc",
        b"a\0\0",
        b"a\x7f\xff\xff\xffx",
        b"x",
        b"",
        b"r\xff",
    ],
)
def test_a_torn_message_is_refused_and_writes_nothing(port, tmp_path, message):
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        sealed = Sealed(connection, SECRET, calls=True)
        sealed.send(message)
        assert sealed.receive()[:1] == b"-"
        sealed.send(b"a" + journal_link.pack(ENTRIES[:1]))
        assert sealed.receive() == b"+"
    assert list(read(tmp_path)) == ENTRIES[:1]


def test_a_connection_that_breaks_in_the_middle_of_a_record_writes_nothing(port, tmp_path):
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        sealed = Sealed(connection, SECRET, calls=True)
        connection.sendall((1000).to_bytes(4, "big") + b"half")
        connection.shutdown(socket.SHUT_WR)
        with pytest.raises(OSError, match="went away"):
            sealed.receive()
    assert list(read(tmp_path)) == []


def test_it_comes_back_after_the_journal_was_away(tmp_path):
    with serving(tmp_path) as port:
        link = JournalLink("127.0.0.1", port, SECRET)
        link.append(ENTRIES[:1])
    link.close()
    with pytest.raises(OSError, match="refused"):
        link.append(ENTRIES[1:2])
    with serving(tmp_path, port):
        link.append(ENTRIES[1:2])
        link.close()
    assert list(read(tmp_path)) == ENTRIES[:2]


def test_what_cannot_be_written_is_not_acknowledged(link, tmp_path, monkeypatch):
    link.append(ENTRIES[:1])
    monkeypatch.setattr(Journal, "_open", lambda _: os.open("/dev/full", os.O_WRONLY))
    with pytest.raises(OSError, match="refuses"):
        link.append(ENTRIES[1:])


def test_ensure_sees_what_other_processes_wrote(tmp_path):
    ours, theirs = Journal(tmp_path), Journal(tmp_path)
    theirs.append(ENTRIES[:3])
    ours.ensure(ENTRIES[:4])
    ours.ensure(ENTRIES)
    assert list(read(tmp_path)) == ENTRIES
    ours.close()
    theirs.close()
