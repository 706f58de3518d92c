"""A server with a small market, for campaigns that talk to the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.api import Client, Inspector
from tests.support.databases import Database
from tests.support.market import register_market
from tests.support.servers import serving


@contextmanager
def over_http(database: Database) -> Iterator[Client]:
    """The operator that has something of everything, and a real server of two workers."""
    operator = register_market(database).alpha
    inspector = Inspector(database)
    try:
        with serving(database, workers=2) as server:
            yield Client(server.port, operator, inspector)
    finally:
        inspector.close()
