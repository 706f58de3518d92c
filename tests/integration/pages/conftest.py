"""The portal in this process, and visitors who have signed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import config, create_app
from tests.support.databases import Database
from tests.support.market import Operator
from tests.support.pages import ASKED_WHY, REASON, Scene, scene_in
from tests.support.servers import await_logged
from tests.support.signing import SigningClient

Visitor = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def scene(database: Database, the_log: None) -> Scene:
    """The scene, all of it in the log."""
    made = scene_in(database)
    await_logged(database)
    return made


@pytest.fixture(scope="package")
def app(scene: Scene) -> Iterator[Flask]:
    """The application in demo mode; forms without tokens, for tests that are not about those."""
    os.environ["DOZIR_DEMO"] = "1"
    config.settings.cache_clear()
    made = create_app()
    made.config["WTF_CSRF_ENABLED"] = False
    made.test_client_class = SigningClient
    yield made
    del os.environ["DOZIR_DEMO"]
    config.settings.cache_clear()


@pytest.fixture
def visitor(app: Flask, scene: Scene) -> Visitor:
    """``visitor("regulator")``, ``visitor("operator", scene.first)``: a client signed in."""

    def sign_in(role: str, operator: Operator | None = None, language: str = "uk") -> FlaskClient:
        client = app.test_client()
        client.set_cookie("lang", language)
        answer = client.post(f"/login/demo/{scene.person(role, operator)}")
        assert answer.status_code == 303
        if role in ASKED_WHY:
            assert client.post("/audit/reason", data=REASON).status_code == 303
        return client

    return sign_in
