"""Retries: the same batch under the same idempotency key, until it is answered for good."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from portal.market import client as module
from portal.market.client import Client, NoAnswer

RECEIPT = (201, {"rows": 1}, {})
DROP = None


class Api(ThreadingHTTPServer):
    """Answers what the test has scripted, one entry for each request; DROP: hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[Any] = []
        self.requests: list[tuple[str, str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, self.headers["Idempotency-Key"], body))
        step = self.server.script.pop(0)
        if step is DROP:
            self.close_connection = True
            return
        status, document, headers = step
        content = json.dumps(document).encode() if document is not None else b"<html>"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(module, "_LONGEST_PAUSE_S", 0.002)
    server = Api()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def post(api: Api) -> module.Answer:
    with closing(Client(api.url, threading.Event())) as client:
        return client.post(b"[]", {"Idempotency-Key": "k"})


def test_a_receipt_is_an_answer(api: Api) -> None:
    api.script = [RECEIPT]
    answer = post(api)
    assert (answer.status, answer.body, answer.retries) == (201, {"rows": 1}, 0)


@pytest.mark.parametrize(
    "trouble",
    [
        (503, {"code": "service_unavailable"}, {"Retry-After": "0"}),
        (409, {"code": "in_flight"}, {}),
        (429, {"code": "rate_limited"}, {"Retry-After": "0"}),
        (500, {"code": "internal_error"}, {}),
        (502, None, {}),
        DROP,
    ],
)
def test_trouble_is_answered_by_the_same_request_again(api: Api, trouble: Any) -> None:
    api.script = [trouble, trouble, RECEIPT]
    answer = post(api)
    assert (answer.status, answer.retries) == (201, 2)
    assert api.requests == [("/api/v1/batches", "k", b"[]")] * 3


def test_a_refusal_is_final(api: Api) -> None:
    api.script = [(409, {"code": "duplicate_id"}, {})]
    answer = post(api)
    assert (answer.status, answer.code, answer.retries) == (409, "duplicate_id", 0)


def test_patience_ends(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.02)
    api.script = [(503, {"code": "service_unavailable"}, {})] * 100
    with pytest.raises(NoAnswer) as problem:
        post(api)
    assert problem.value.code == "service_unavailable"


def test_stopping_ends_the_waiting(api: Api) -> None:
    api.script = [(503, {"code": "service_unavailable"}, {"Retry-After": "60"})]
    stop = threading.Event()
    stop.set()
    with closing(Client(api.url, stop)) as client, pytest.raises(NoAnswer):
        client.post(b"[]", {"Idempotency-Key": "k"})


def test_nobody_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.0)
    nobody = Client("http://127.0.0.1:1", threading.Event())
    with pytest.raises(NoAnswer) as problem:
        nobody.post(b"[]", {})
    assert problem.value.code == "no_connection"
