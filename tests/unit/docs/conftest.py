"""The documentation's pages, without a database: they need none."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app


@pytest.fixture(scope="package")
def app() -> Flask:
    return create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who has not chosen a language."""
    return app.test_client()
