"""Two operators of our own and a server of two workers, shared by all tests of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support import api as api_module
from tests.support import market, specification
from tests.support.api import Client, Inspector
from tests.support.databases import Database
from tests.support.market import Operator, register
from tests.support.servers import Server, serving
from tests.support.throwaway import Installation, throwaway


def numbered(document: dict[str, Any], code: str, prefix: str) -> dict[str, Any]:
    """A market document under another operator code and other licence numbers."""
    licences = [
        licence | {"number": prefix + licence["number"]} for licence in document["licences"]
    ]
    return document | {"code": code, "licences": licences}


@pytest.fixture(scope="session")
def first_operator(database: Database) -> Operator:
    """Like TEST-ALPHA: all gambling types, licences and objects in every state."""
    with database.connect() as conn:
        return register(conn, numbered(market.alpha(), "API-FIRST", "F"))


@pytest.fixture(scope="session")
def second_operator(database: Database) -> Operator:
    """Like TEST-BETA; it shares codes of channels and games with the first."""
    with database.connect() as conn:
        return register(conn, numbered(market.beta(), "API-SECOND", "S"))


@pytest.fixture(scope="session")
def server(
    database: Database, the_log: None, first_operator: Operator, second_operator: Operator
) -> Iterator[Server]:
    """gunicorn with two workers, so that nothing rests on the memory of one."""
    with serving(database, workers=2) as started:
        yield started


@pytest.fixture(scope="session")
def inspector(database: Database) -> Iterator[Inspector]:
    made = Inspector(database)
    yield made
    made.close()


@pytest.fixture(scope="session")
def api(server: Server, inspector: Inspector, first_operator: Operator) -> Client:
    """The first operator's system."""
    return Client(server.port, first_operator, inspector)


@pytest.fixture(scope="session")
def other(server: Server, inspector: Inspector, second_operator: Operator) -> Client:
    """The second operator's system."""
    return Client(server.port, second_operator, inspector)


@dataclass(frozen=True)
class World:
    """A database server and a portal that may be mistreated and searched, and their client."""

    installation: Installation
    database: Database
    server: Server
    api: Client


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with throwaway("apart") as (installation, database):
        with database.connect() as conn:
            operator = register(conn, numbered(market.alpha(), "API-APART", "R"))
        inspector = Inspector(database)
        with serving(database, workers=2, DOZIR_DATABASE_URL=database.url()) as server:
            yield World(installation, database, server, Client(server.port, operator, inspector))
            assert inspector.check_rollups() == []
        inspector.close()


@pytest.fixture(autouse=True, scope="session")
def documented() -> Iterator[None]:
    """Every answer to any client in this folder is held to the specification."""
    api_module.observers.append(specification.validate)
    yield
    api_module.observers.remove(specification.validate)


@pytest.fixture(autouse=True, scope="module")
def exact(inspector: Inspector) -> Iterator[None]:
    """After each module rollups, receipts and raw rows still agree to the kopiyka."""
    yield
    assert inspector.check_rollups() == []
