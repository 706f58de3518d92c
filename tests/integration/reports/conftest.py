"""A generated market behind the portal's pages, and visitors who have signed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from portal import config, create_app, db
from tests.integration.reports.oracle import World
from tests.integration.reports.worlds import world_in
from tests.support.databases import Cluster, Database
from tests.support.market import Operator
from tests.support.pages import ASKED_WHY, REASON, people
from tests.support.signing import SigningClient


@dataclass(frozen=True)
class Pages:
    """The world, who is in it, and ``visit("regulator")``: a client signed in, in English."""

    database: Database
    world: World
    operators: list[Operator]
    visit: Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def pages(cluster: Cluster) -> Iterator[Pages]:
    os.environ["DOZIR_DEMO"] = "1"
    config.settings.cache_clear()
    with cluster.fresh() as database, database.as_settings():
        db.close()
        world, operators = world_in(database, 5, batches=14)
        known = people(database)
        app = create_app()
        app.test_client_class = SigningClient
        app.config["WTF_CSRF_ENABLED"] = False

        def visit(role: str, operator: Operator | None = None, language: str = "en") -> FlaskClient:
            client = app.test_client()
            client.set_cookie("lang", language)
            person = known[operator.code if operator else role]
            assert client.post(f"/login/demo/{person}").status_code == 303
            if role in ASKED_WHY:
                assert client.post("/audit/reason", data=REASON).status_code == 303
            return client

        yield Pages(database, world, operators, visit)
        db.close()
    del os.environ["DOZIR_DEMO"]
    config.settings.cache_clear()
