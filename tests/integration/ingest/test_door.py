"""The short way in front of Flask: what comes out is what Flask would answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from portal import config, create_app
from portal.web.application import Application
from tests.support.api import JSON, Client, encoded

REQUEST_ID = "0123456789abcdef0123456789abcdef"
# What is left of the key's limits moves from one request to the next.
MOVING = {"RateLimit"}


@pytest.fixture(scope="module")
def app() -> Iterator[Application]:
    """The application in this process."""
    os.environ["DOZIR_DEMO"] = "1"
    config.settings.cache_clear()
    made = create_app()
    assert isinstance(made, Application)
    yield made
    del os.environ["DOZIR_DEMO"]
    config.settings.cache_clear()


def answers(app: Application, path: str, headers: dict[str, str], data: bytes) -> list[object]:
    """Status, body and headers by the door and without it."""
    door, found = app.front, []
    for front in (door, Flask.wsgi_app.__get__(app)):
        app.front = front
        try:
            answer = app.test_client().post(path, headers=headers, data=data)
        finally:
            app.front = door
        told = {name: value for name, value in answer.headers.items() if name not in MOVING}
        found.append((answer.status_code, answer.data, told, "RateLimit" in answer.headers))
    return found


@pytest.mark.parametrize("path", ["/api/v1/batches", "/api/v1/validate"])
@pytest.mark.parametrize(
    ("changes", "data", "status"),
    [
        ({}, None, 200),
        ({"Authorization": ""}, None, 401),
        ({"Authorization": "Bearer dz_live_x"}, None, 401),
        ({"Idempotency-Key": "7"}, None, 400),
        ({"Content-Type": "text/plain"}, None, 415),
        ({"Batch-Sequence": "0"}, None, 400),
        ({"Idempotency-Key": str(uuid4())}, b"[", 400),
        ({"Idempotency-Key": str(uuid4())}, b'[{"id": 7}]', 422),
        ({"X-Forwarded-Proto": "https"}, None, 200),
    ],
)
def test_both_ways_answer_alike(
    app: Application,
    api: Client,
    path: str,
    changes: dict[str, str],
    data: bytes | None,
    status: int,
) -> None:
    stored, key = encoded(api.records(1)), str(uuid4())
    sent = {
        "Authorization": f"Bearer {api.operator.key.text}",
        "Idempotency-Key": key,
        "Batch-Sequence": str(api.next_sequence()),
        "Content-Type": JSON,
        "X-Request-Id": REQUEST_ID,
    }
    assert api.request("POST", "/batches", stored, sent).status == 201
    by_door, by_flask = answers(app, path, sent | changes, stored if data is None else data)
    assert by_door == by_flask
    assert by_door[0] == status
