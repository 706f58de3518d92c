"""What a page leaves is looked for once it has gone; what is older, in the end."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from portal.web import litter


class Held:
    """Holds itself, and as much beside it as makes looking for it worth while."""

    def __init__(self, size: int) -> None:
        self.itself = self
        self.beside: list[list[int]] = [[] for _ in range(size)]


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """Nobody looks but who is tried."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def leave(size: int) -> weakref.ref[Held]:
    return weakref.ref(Held(size))


def test_much_is_looked_for_and_little_is_not() -> None:
    little = leave(litter.WORTH_LOOKING // 10)
    litter.sweep()
    assert little() is not None
    much = leave(litter.WORTH_LOOKING)
    litter.sweep()
    assert much() is None
    assert little() is None


@pytest.mark.parametrize("lives_through", [1, litter.LOOKS[0] + 2])
def test_what_lived_through_looks_is_found_later(lives_through: int) -> None:
    held: Held | None = Held(0)
    assert held is not None
    seen = weakref.ref(held)
    for _ in range(lives_through):
        leave(litter.WORTH_LOOKING)
        litter.sweep()
    held = None
    looks = 0
    while seen() is not None and looks < 2 * litter.LOOKS[0] * litter.LOOKS[1]:
        leave(litter.WORTH_LOOKING)
        litter.sweep()
        looks += 1
    assert seen() is None


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "partial"}])
def test_a_page_is_followed_by_a_look(client: FlaskClient, headers: dict[str, str]) -> None:
    left = leave(litter.WORTH_LOOKING)
    page = client.get("/report", headers=headers)
    assert left() is not None
    page.close()
    assert left() is None
