"""People at a browser: a scene to see, a way in, and an ear for what the browser complains of."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page, Response

from tests.support.browser import Browser
from tests.support.databases import Database
from tests.support.market import Operator
from tests.support.pages import ASKED_WHY, REASON, Scene, scene_in
from tests.support.servers import Server, await_logged

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SCREEN = {"width": 1360, "height": 900}


@dataclass
class Desk:
    """A page of somebody signed in, and what its console said; of errors of the server, what that
    said itself.
    """

    page: Page
    server: Server
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("response", self._look)

    def _look(self, answer: Response) -> None:
        if answer.status >= 500:
            told = f"{answer.url}: {self.server.log()[-3_000:]}"
            self.said.append(told)
            sys.stderr.write(told)  # shown with whichever test fails

    def complaints(self) -> list[str]:
        """All that was said but that a page answered with the error that was asked for."""
        return [text for text in self.said if "status of 4" not in text]


def _send(context: BrowserContext, page: str, address: str, **form: str) -> None:
    """Send a form of a page, with its token, without drawing the page."""
    found = TOKEN.search(context.request.get(page).text())
    assert found, f"{page} has no form"
    answer = context.request.post(address, form={"csrf_token": found[1], **form}, max_redirects=0)
    assert answer.status == 303, f"{address} is answered {answer.status}"


Seat = Callable[..., Desk]


@pytest.fixture(scope="session")
def scene(database: Database, the_log: None) -> Scene:
    """The scene, all of it in the log."""
    made = scene_in(database)
    await_logged(database)
    return made


@pytest.fixture
def seat(browser: Browser, server: Server, scene: Scene) -> Iterator[Seat]:
    """``seat("regulator")``, ``seat("operator", scene.first, language="en", **options)``.

    They sit at their start page, and have said why they look at single transactions. ``seat(None)``
    is a visitor who has not signed in. How somebody signs in at the page itself is tried by
    journeys that are about that.
    """
    contexts: list[BrowserContext] = []

    def sit(
        role: str | None, operator: Operator | None = None, language: str = "uk", **options: object
    ) -> Desk:
        context = browser.new_context(base_url=server.url, **({"viewport": SCREEN} | options))
        context.set_default_timeout(10_000)
        context.set_default_navigation_timeout(30_000)  # a server answers its first page late
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": language, "url": server.url}])
        desk = Desk(context.new_page(), server)
        desk.listen()
        if role:
            own = operator if role == "operator" else None
            _send(context, "/login", f"/login/demo/{scene.person(role, own)}")
            if role in ASKED_WHY:
                _send(context, "/audit/reason", "/audit/reason", **REASON)
        desk.page.goto("/" if role else "/login")
        return desk

    yield sit
    for context in contexts:
        context.close()
