"""A query that nobody waits for any more is stopped: whoever closes the page frees the database."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import gevent
from gevent import Greenlet
from gevent.socket import wait_read

from portal import db

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CANCEL_SECONDS = 5.0


@contextmanager
def when_left(conn: db.Connection, environ: WSGIEnvironment) -> Iterator[None]:
    """While inside, cancel the statement under way when the client closes its connection.

    Without gunicorn, whose socket it watches, nothing is watched.
    """
    client: Any = environ.get("gunicorn.socket")
    if client is None:
        yield
        return
    watcher: Greenlet = gevent.spawn(_watch, client, conn)
    try:
        yield
    finally:
        watcher.kill()


def _watch(client: Any, conn: db.Connection) -> None:
    """Wait until something comes; the end of the connection reads as nothing."""
    try:
        wait_read(client.fileno())
        left = client.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        left = True
    if left:
        conn.cancel_safe(timeout=CANCEL_SECONDS)
