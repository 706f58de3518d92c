"""The scene of other pages, seen by anyone; and addresses that officials block."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.open_data import complaints, providers
from portal.open_data.site import Shelf
from portal.web.turnstile import Turnstile
from tests.integration.pages.conftest import app, scene, visitor

__all__ = ["app", "scene", "visitor"]


@pytest.fixture
def anyone(app: Flask) -> FlaskClient:
    """A browser that has never been here."""
    return app.test_client()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing kept from other tests, and doors that count from zero."""
    monkeypatch.setattr("portal.open_data.site.shelf", Shelf())
    monkeypatch.setattr(complaints, "turnstile", Turnstile(per_second=1000, at_once=1000))
    monkeypatch.setattr(providers, "turnstile", Turnstile(per_second=1000, at_once=1000))
    return
