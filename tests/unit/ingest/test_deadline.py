"""A body has to arrive in time, however slowly it trickles."""

from __future__ import annotations

import time

import gevent
import pytest
from flask import Flask

from portal.ingest import views
from portal.ingest.problems import Refusal


class Trickle:
    """A body of which a byte comes every 10 milliseconds, for a minute."""

    def read(self, size: int = -1, /) -> bytes:
        gevent.sleep(0.01)
        return b" "


def test_a_body_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_BODY_SECONDS", 0.1)
    started = time.monotonic()
    with (
        Flask(__name__).test_request_context(
            "/",
            method="POST",
            environ_overrides={
                "wsgi.input": Trickle(),
                "CONTENT_LENGTH": "6000",
                "CONTENT_TYPE": "application/json",
            },
        ),
        pytest.raises(Refusal) as caught,
    ):
        views._body()
    assert caught.value.code == "incomplete_body"
    assert time.monotonic() - started < 5


def test_a_body_has_long_enough_for_a_slow_line() -> None:
    assert views._BODY_SECONDS == 30
