"""A request that was offered closing is closed by it, and leaves with its last reference."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from portal.web.closing import close_after_answer, offer_closing


class Body:
    """Like gunicorn's: whatever may be set on it."""


class Request:
    """Like gunicorn's: it owns its body."""

    def __init__(self) -> None:
        self.body = Body()
        self.closed = False

    def force_close(self) -> None:
        self.closed = True


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_the_application_closes_what_was_offered() -> None:
    request = Request()
    offer_closing(request)
    close_after_answer({"wsgi.input": request.body})
    assert request.closed


def test_without_an_offer_nothing_happens() -> None:
    close_after_answer({"wsgi.input": Body()})
    close_after_answer({})


@pytest.mark.usefixtures("no_collector")
def test_a_request_and_its_body_are_freed_at_once() -> None:
    """Else each worker would keep thousands of bodies until its collector runs."""
    request = Request()
    offer_closing(request)
    gone = weakref.ref(request.body)
    del request
    assert gone() is None
