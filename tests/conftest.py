"""What every test may ask for: a database of its own, a small market, a server and a browser.

The environment is set here, on import, before anything reads ``portal.config.settings()``: tests
run in a throw-away DOZIR_HOME and never touch the installation of this checkout. Only the cache of
downloaded programs is shared. With DOZIR_DATABASE_URL the tests use that server, in databases of
their own that they drop afterwards.
"""

from __future__ import annotations

from tests.support import home

home.make(home.place())

import gc  # noqa: E402 - the environment comes first
import os  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import AbstractContextManager  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402

from portal.config import settings  # noqa: E402
from tests.support import sample  # noqa: E402
from tests.support.browser import Browser, launched  # noqa: E402
from tests.support.databases import Cluster, Connection, Database, running_cluster  # noqa: E402
from tests.support.market import Market, register_market  # noqa: E402
from tests.support.order import longest_first  # noqa: E402
from tests.support.servers import Server, logging_entries, serving  # noqa: E402
from tests.support.stage import staged  # noqa: E402
from tests.support.templates import keep_compiled  # noqa: E402
from tests.support.turns import take_turns  # noqa: E402

# A busy machine is no reason to fail: how fast examples are made says nothing of what is tested.
hypothesis.settings.register_profile(
    "ours", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("ours")


# Ten thousand tests are collected and stay: to look through them for garbage, again and again, took
# a fifth of the time.
gc.set_threshold(50_000, 20, 100)

keep_compiled()

# Asked here, so that processes that share the tests inherit one answer.
sample.seed()


def pytest_report_header() -> str:
    """By what the samples of long lists are taken."""
    return sample.told()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out long files whose turn it is not, and begin with those that take longest."""
    take_turns(config, items)
    longest_first(items, str(config.rootpath))


def pytest_collection_finish() -> None:
    """What lives now lives to the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Stop what is still running and remove the home, once the fixtures are taken down.

    Not later: a process that shares the tests is killed ten seconds after it said that it is done.
    """
    home.remove()


def pytest_unconfigure() -> None:
    """The same for tests that did not get so far."""
    home.remove()


@pytest.fixture(autouse=True)
def _own_settings() -> Iterator[None]:
    """Whatever a test made of the settings is not for those to come."""
    own = os.environ["DOZIR_INSTANCE"]
    yield
    os.environ["DOZIR_INSTANCE"] = own
    settings.cache_clear()


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
def the_log(database: Database) -> Iterator[None]:
    """The log of ``database``: its signer and its sequencer at work."""
    with logging_entries():
        yield


@pytest.fixture(scope="session")
def server(database: Database, market: Market, the_log: None) -> Iterator[Server]:
    """The portal and its API on a free port: real gunicorn, demo identities switched on."""
    with serving(database) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; pages and contexts are the test's to open and close."""
    with launched() as started:
        yield started
