"""A headless Chromium for journeys."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FLAGS = (
    "--no-sandbox",  # the tests may run as root, and visit our own pages only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--max-lazy",  # of axe and the charts most is never called on a page
)

__all__ = ["Browser", "launched", "until"]


@contextmanager
def launched() -> Iterator[Browser]:
    """The machine's own Chromium, driven by playwright; skips where there is none.

    The shell without windows, where there is one: it draws the same and takes half the time.
    """
    programs = ("chromium-headless-shell", "chromium", "chromium-browser")
    program = next(filter(None, map(shutil.which, programs)), None)
    if program is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as driver, pytest.MonkeyPatch.context() as patch:
        for actor in (Page, Locator):
            patch.setattr(actor, "click", _until_read(actor.click))
        browser = driver.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _until_read(click: Callable[..., None]) -> Callable[..., None]:
    """A click that returns once the page it leads to has been read to its end.

    Playwright's own returns as soon as the answer begins: on a busy machine what is asked then is
    asked of a page that is still empty.
    """

    @wraps(click)
    def clicked(on: Page | Locator, *args: object, **options: object) -> None:
        click(on, *args, **options)
        page = on if isinstance(on, Page) else on.page
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")

    return clicked


def until(page: Page, condition: str, patience_ms: float | None = None) -> None:
    """Wait until an expression of JavaScript holds on the page; as long as for all else, if not
    told otherwise.

    As a function, which playwright evaluates once: a bare expression it evaluates at each look
    anew, and the page's own content policy refuses all but the first.
    """
    page.wait_for_function(f"() => {condition}", timeout=patience_ms)
