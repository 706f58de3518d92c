"""People at a browser: a scene to see, a way in, and an ear for what the browser complains of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.browser import Browser
from tests.support.databases import Database
from tests.support.market import Operator
from tests.support.pages import Scene, scene_in
from tests.support.servers import Server

SCREEN = {"width": 1360, "height": 900}


@dataclass
class Desk:
    """A page of somebody signed in, and what its console said."""

    page: Page
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def complaints(self) -> list[str]:
        """All that was said but that a page answered with the error that was asked for."""
        return [text for text in self.said if "status of 4" not in text]


Seat = Callable[..., Desk]


@pytest.fixture(scope="session")
def scene(database: Database) -> Scene:
    return scene_in(database)


@pytest.fixture
def seat(browser: Browser, server: Server, scene: Scene) -> Iterator[Seat]:
    """``seat("regulator")``, ``seat("operator", scene.first, language="en", **options)``.

    ``seat(None)`` is a visitor who has not signed in.
    """
    contexts: list[BrowserContext] = []

    def sit(
        role: str | None, operator: Operator | None = None, language: str = "uk", **options: object
    ) -> Desk:
        context = browser.new_context(base_url=server.url, **({"viewport": SCREEN} | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": language, "url": server.url}])
        desk = Desk(context.new_page())
        desk.listen()
        desk.page.goto("/login")
        if role == "operator" and operator:
            desk.page.select_option("#person", str(scene.person(role, operator)))
            desk.page.click("form:has(#person) button")
        elif role:
            desk.page.click(f'form[action$="/demo/{scene.person(role)}"] button')
        return desk

    yield sit
    for context in contexts:
        context.close()
