"""Operators' systems that post batches: many keep-alive connections served by one light loop.

Requests are ready beforehand and a connection sends its next one as soon as it has its answer. A
request costs the client a handful of system calls, so that what is measured is the gateway.
"""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from portal.bench.clients import Done, Job, SendAll
from portal.bench.instance import BenchmarkFailed

_STORED = b"HTTP/1.1 201 "
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_MOST_BYTES = 1 << 18  # read at once


@dataclass(slots=True)
class _Channel:
    """One connection and the batch that is on its way on it."""

    socket: socket.socket
    rows: int = 0
    begun: float = 0.0
    unsent: memoryview = memoryview(b"")  # noqa: RUF009 - nothing can be written into it
    answer: bytes = b""


@contextmanager
def http_connections(port: int, count: int) -> Iterator[SendAll]:
    """``count`` connections to the gateway; anything but 201 is a BenchmarkFailed."""
    with ExitStack() as stack:
        poll = stack.enter_context(select.epoll())
        channels = {}
        for _ in range(count):
            opened = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.setblocking(False)
            poll.register(opened, select.EPOLLIN)
            channels[opened.fileno()] = _Channel(opened)
        yield lambda jobs, deadline: _send_all(poll, channels, jobs, deadline)


def _send_all(
    poll: select.epoll, channels: dict[int, _Channel], jobs: Iterator[Job], deadline: float | None
) -> list[Done]:
    done: list[Done] = []
    busy = sum(_begin(poll, channel, jobs, deadline) for channel in channels.values())
    while busy:
        for place, event in poll.poll():
            channel = channels[place]
            if event & select.EPOLLOUT:
                _push(poll, channel)
            if event & ~select.EPOLLOUT and _receive(channel):
                now = time.monotonic()
                done.append(Done(channel.rows, now - channel.begun, now))
                busy -= not _begin(poll, channel, jobs, deadline)
    return done


def _begin(
    poll: select.epoll, channel: _Channel, jobs: Iterator[Job], deadline: float | None
) -> bool:
    """Send the next batch; False when there is none, or no time for it."""
    now = time.monotonic()
    if deadline is not None and now > deadline:
        return False
    job = next(jobs, None)
    if job is None:
        return False
    channel.begun, channel.rows, channel.answer = now, job.rows, b""
    sent = _write(channel, job.data)
    if sent < len(job.data):
        channel.unsent = memoryview(job.data)[sent:]
        poll.modify(channel.socket, select.EPOLLIN | select.EPOLLOUT)
    return True


def _push(poll: select.epoll, channel: _Channel) -> None:
    """Send more of a large request."""
    channel.unsent = channel.unsent[_write(channel, channel.unsent) :]
    if not channel.unsent:
        poll.modify(channel.socket, select.EPOLLIN)


def _write(channel: _Channel, data: bytes | memoryview) -> int:
    try:
        return channel.socket.send(data)
    except BlockingIOError:
        return 0


def _receive(channel: _Channel) -> bool:
    """Whether the whole answer is there."""
    received = channel.socket.recv(_MOST_BYTES)
    answer = channel.answer = channel.answer + received
    if not received:
        raise BenchmarkFailed(f"the gateway hung up: {answer[:1000]!r}")
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    length = _LENGTH.search(answer, 0, head + 2)
    if length is None:
        raise BenchmarkFailed(f"an answer without length: {answer[:1000]!r}")
    if len(answer) < head + 4 + int(length[1]):
        return False
    if not answer.startswith(_STORED):
        raise BenchmarkFailed(repr(answer[:1000]))
    return True
