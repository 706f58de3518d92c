"""People who watch, at a real server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.databases import Database
from tests.support.market import Operator
from tests.support.pages import Scene, scene_in
from tests.support.servers import Server
from tests.support.streams import Reader

Watch = Callable[..., Reader]


@pytest.fixture(scope="session")
def scene(database: Database) -> Scene:
    return scene_in(database)


@pytest.fixture
def reader(server: Server, scene: Scene) -> Watch:
    """``reader("regulator")``, ``reader("operator", scene.first)``: each with its own session."""

    def sign_in(role: str, operator: Operator | None = None) -> Reader:
        return Reader(server.port, scene.person(role, operator))

    return sign_in
