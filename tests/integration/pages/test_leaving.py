"""What nobody waits for any more is stopped: whoever closes a page frees the database."""

from __future__ import annotations

import socket
import time

import pytest

from tests.support.databases import Database, value
from tests.support.pages import REASON, Scene
from tests.support.servers import Server
from tests.support.streams import Reader

WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and usename = 'dozir_portal' and wait_event_type = 'Lock'"
)
# Addresses, and the table for which each of them waits.
PAGES = {
    "/reports/R03?by=day": "rollup.day",
    "/reports/R03?by=day&format=csv": "rollup.day",
    "/ledger/transactions?from=2025-10-26T00:00Z&until=2025-10-26T12:00Z": "ledger.transaction",
    "/declarations": "rollup.day",
}


@pytest.mark.parametrize(("path", "table"), PAGES.items())
def test_a_page_that_is_left_stops_what_it_asked(
    server: Server, scene: Scene, database: Database, path: str, table: str
) -> None:
    """Long before the statement's timeout, with the lock that it waits for still held."""
    reader = Reader(server.port, scene.person("regulator"))
    assert reader.send("/audit/reason", **REASON) == 303  # which lists of records ask for
    with database.connect() as conn, conn.transaction():
        conn.execute(f"lock table {table} in access exclusive mode")
        with socket.create_connection(("127.0.0.1", server.port), 30) as client:
            lines = (f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {reader.cookie}", "", "")
            client.sendall("\r\n".join(lines).encode())
            assert _becomes(database, 1)
        assert _becomes(database, 0)
    assert reader.request("GET", path).status == 200


def _becomes(database: Database, wanted: int) -> bool:
    deadline = time.monotonic() + 8
    with database.connect(autocommit=True) as conn:
        while time.monotonic() < deadline:
            if value(conn, WAITING) == wanted:
                return True
            time.sleep(0.05)
    return False
