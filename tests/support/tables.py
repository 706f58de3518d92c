"""What the table of a page says, read from an answer that must be a page with such a table."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.test import TestResponse


class Table(HTMLParser):
    """The texts and links of the cells of a page's table of data: rows of body and foot; links that
    only explain a row are left out, and so is the table that a chart has for its points.

    With ``within`` it is the one in the part of the page with that id. A page that tells of an
    error or has no such table fails here, rather than as a table without rows.
    """

    def __init__(self, answer: TestResponse, within: str | None = None) -> None:
        super().__init__()
        assert answer.status_code == 200, answer.text
        self.body: list[list[str]] = []
        self.foot: list[list[str]] = []
        self.links: list[list[str]] = []
        self._rows: list[list[str]] | None = None
        self._cell = False
        self._awaited = within
        self._state = "before"
        self.feed(answer.text)
        assert self._state == "after", "the page has no table of data"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._awaited is not None:
            if given.get("id") == self._awaited:
                self._awaited = None
        elif self._state == "before":
            if tag == "details" and given.get("class") == "chart-table":
                self._state = "chart"
            elif tag == "table" and "data" in (given.get("class") or "").split():
                self._state = "inside"
        elif self._state == "inside":
            self._start_inside(tag, given)

    def _start_inside(self, tag: str, given: dict[str, str | None]) -> None:
        if tag in ("tbody", "tfoot"):
            self._rows = self.body if tag == "tbody" else self.foot
        elif self._rows is None:
            return
        elif tag == "tr":
            self._rows.append([])
            self.links.append([])
        elif tag in ("th", "td"):
            self._rows[-1].append("")
            self._cell = True
        elif tag == "a" and "explain" not in (given.get("class") or "").split():
            self.links[-1].append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._cell = False
        elif tag == "table" and self._state == "inside":
            self._state = "after"
        elif tag == "details" and self._state == "chart":
            self._state = "before"

    def handle_data(self, data: str) -> None:
        if self._state == "inside" and self._cell and self._rows:
            self._rows[-1][-1] += data
