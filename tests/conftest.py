"""What every test may ask for: a database of its own, a small market, a server and a browser.

The environment is set here, on import, before anything reads ``portal.config.settings()``: tests
run in a throw-away DOZIR_HOME and never touch the installation of this checkout. Only the cache of
downloaded programs is shared. With DOZIR_DATABASE_URL the tests use that server, in databases of
their own that they drop afterwards.
"""

from __future__ import annotations

from tests.support import home

home.make()

from collections.abc import Callable, Iterator  # noqa: E402 - the environment comes first
from contextlib import AbstractContextManager  # noqa: E402

import pytest  # noqa: E402

from tests.support.browser import Browser, launched  # noqa: E402
from tests.support.databases import Cluster, Connection, Database, running_cluster  # noqa: E402
from tests.support.market import Market, register_market  # noqa: E402
from tests.support.servers import Server, serving  # noqa: E402
from tests.support.stage import staged  # noqa: E402


def pytest_unconfigure() -> None:
    """Stop what is still running and remove the home, however the tests ended."""
    home.remove()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running server without any of our schemas; for tests that make databases of their own."""
    with running_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> Database:
    """The migrated database that ``portal.db`` connects to; everyone's, so commit with care."""
    return cluster.main()


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[Database]:
    """A migrated, empty database of the test's own, dropped at its end."""
    with cluster.fresh() as made:
        yield made


@pytest.fixture(scope="session")
def stage(cluster: Cluster) -> Iterator[Database]:
    """The database on which pgTAP scripts play; each is rolled back."""
    with staged(cluster) as made:
        yield made


@pytest.fixture
def superuser(database: Database) -> Iterator[Connection]:
    """A connection as superuser in a transaction that is rolled back."""
    with database.rolled_back() as conn:
        yield conn


@pytest.fixture
def owner(database: Database) -> Iterator[Connection]:
    """A connection as dozir_migrator, who owns every table, in a transaction rolled back."""
    with database.rolled_back("dozir_migrator") as conn:
        yield conn


@pytest.fixture
def as_role(database: Database) -> Callable[..., AbstractContextManager[Connection]]:
    """``with as_role("operator", operator_id=3) as conn``: what a portal request can do."""
    return database.acting_as


@pytest.fixture(scope="session")
def market(database: Database) -> Market:
    """Three operators with everything registered, committed once for all tests."""
    return register_market(database)


@pytest.fixture(scope="session")
def server(database: Database, market: Market) -> Iterator[Server]:
    """The portal and its API on a free port: real gunicorn, demo identities switched on."""
    with serving(database) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; pages and contexts are the test's to open and close."""
    with launched() as started:
        yield started
