"""A reader of the page *Live*'s stream, as a browser is one: signed in, over a real connection."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

TIMEOUT_S = 30
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_BATCH = re.compile(r'/ledger/batches/(\d+)"')


@dataclass
class Event:
    """One event; ``batches`` are the ids of the batches that its rows name."""

    name: str = ""
    data: str = ""
    id: str = ""

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.data)
        return document

    @property
    def batches(self) -> list[int]:
        return [int(one) for one in _BATCH.findall(self.document["batches"])]


@dataclass
class Stream:
    """An open stream, or the refusal of one."""

    status: int
    headers: dict[str, str]
    response: http.client.HTTPResponse
    connection: http.client.HTTPConnection
    last_id: str = ""

    def events(self) -> Iterator[Event]:
        """Events to the end of the stream; fails when only heartbeats come.

        The hint when to try again is an event without a name.
        """
        event, heartbeats = Event(), 0
        while line := self.response.readline():
            field_, _, text = line.decode().rstrip("\n").partition(":")
            heartbeats += not field_ and bool(text)
            assert heartbeats < 2, "nothing comes but heartbeats"
            if field_ == "event":
                event.name = text.strip()
            elif field_ == "data":
                event.data = text.strip()
            elif field_ == "id":
                event.id = self.last_id = text.strip()
            elif not field_ and not text:
                yield event
                event = Event()

    def next(self, name: str = "live") -> Event:
        """The next event of a name."""
        return next(event for event in self.events() if event.name == name)

    def new_batches(self, n: int) -> list[int]:
        """The ids of the next ``n`` batches, from as many events as it takes."""
        found: list[int] = []
        while len(found) < n:
            found += self.next().batches
        return found

    def close(self) -> None:
        self.response.close()
        self.connection.close()


@dataclass(frozen=True)
class Page:
    """One answer, read whole."""

    status: int
    text: str


@dataclass
class Reader:
    """Somebody who has signed in at a server as a demo identity."""

    port: int
    person: int
    cookie: str = field(init=False)

    def __post_init__(self) -> None:
        self.cookie = ""
        page = self.request("GET", "/login")
        token = _TOKEN.search(page.text)
        assert token
        answer = self.request(
            "POST",
            f"/login/demo/{self.person}",
            urlencode({"csrf_token": token[1]}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 303, (answer.status, answer.text[:500])

    def request(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        sent = {"Cookie": self.cookie} if self.cookie else {}
        connection.request(method, path, body, sent | (headers or {}))
        with closing(connection), connection.getresponse() as response:
            for name, value in response.getheaders():
                if name == "Set-Cookie" and value.startswith("dozir="):
                    self.cookie = value.partition(";")[0]
            return Page(response.status, response.read().decode())

    def send(self, path: str, **fields: str) -> int:
        """Send a form, from another page of the same person; the status of the answer."""
        token = _TOKEN.search(self.request("GET", "/account/sessions").text)
        assert token
        body = urlencode({"csrf_token": token[1]} | fields)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", path, body, form).status

    def sign_out(self) -> None:
        """End the session."""
        self.send("/logout")

    @contextmanager
    def stream(self, last_id: str = "", **query: object) -> Iterator[Stream]:
        """An open stream, closed in the end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        headers = {"Cookie": self.cookie, "Accept": "text/event-stream", "HX-Request": "true"}
        if last_id:
            headers["Last-Event-ID"] = last_id
        address = "/live/events" + ("?" + urlencode(query) if query else "")
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        opened = Stream(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response,
            connection,
        )
        try:
            yield opened
        finally:
            opened.close()
