"""Officials who read while batches come in: signed in, each opening a page every second."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from multiprocessing.connection import Connection as Pipe

from portal.bench.instance import BenchmarkFailed

PAGES = (
    "/",
    "/reports/R03",
    "/ledger/batches",
    "/ledger/transactions",
    "/ledger/refusals",
)
EVERY_S = 1.0
READY_S = 60
PATIENCE_S = 60

_PROCESSES = multiprocessing.get_context("fork")
_FORM = re.compile(r'action="(/login/demo/\d+)"')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Official:
    """A visitor with a keep-alive connection and cookies, signed in as the first demo identity."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self._cookies: dict[str, str] = {}
        page = self.open("/login").decode()
        form, token = _FORM.search(page), _TOKEN.search(page)
        if form is None or token is None:
            raise BenchmarkFailed("the sign-in page offers no demo identity")
        self._send(form[1], token[1])
        token = _TOKEN.search(self.open("/audit/reason").decode())
        if token is None:
            raise BenchmarkFailed("the page that asks for a reason has no form")
        self._send("/audit/reason", token[1], kind="supervision", text="dozir bench")

    def open(self, path: str) -> bytes:
        """The text of a page. Raises BenchmarkFailed when it is not shown."""
        return self._request("GET", path, None, 200)

    def close(self) -> None:
        self._connection.close()

    def _send(self, path: str, token: str, **fields: str) -> None:
        form = urllib.parse.urlencode({"csrf_token": token, **fields})
        self._request("POST", path, form, 303)

    def _request(self, method: str, path: str, form: str | None, expected: int) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, form, headers)
        answer = self._connection.getresponse()
        body = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, text = cookie.partition(";")[0].partition("=")
            self._cookies[name] = text
        if answer.status != expected:
            raise BenchmarkFailed(f"{method} {path} is answered {answer.status}")
        return body


@dataclass(slots=True)
class Reading:
    """What readers saw: the latency of each page, filled in when they have stopped."""

    latencies_s: list[float] = field(default_factory=list)
    wall_s: float = 0.0


@contextmanager
def reading(port: int, count: int) -> Iterator[Reading]:
    """``count`` officials read in a process of their own until the block ends.

    Raises BenchmarkFailed at the end when a page was not shown.
    """
    seen = Reading()
    ours, theirs = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_run, args=(theirs, port, count), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(READY_S):
            raise BenchmarkFailed("readers did not become ready")
        _checked(ours.recv())
        yield seen
        ours.send(None)
        if not ours.poll(2 * PATIENCE_S):
            raise BenchmarkFailed("readers do not stop")
        seen.latencies_s, seen.wall_s = _checked(ours.recv())
    except EOFError:
        raise BenchmarkFailed("readers ended without a word") from None
    finally:
        process.kill()
        process.join()
        ours.close()


def _checked(word: object) -> tuple[list[float], float]:
    if isinstance(word, str):
        raise BenchmarkFailed(word)
    if not isinstance(word, tuple):
        raise BenchmarkFailed(f"readers said {word!r}")
    return word


def _run(pipe: Pipe, port: int, count: int) -> None:
    """The life of the readers' process."""
    try:
        officials = [Official(port) for _ in range(count)]
        for page in PAGES:
            officials[0].open(page)
    except Exception as problem:  # whatever it is, the parent must hear of it
        pipe.send(f"readers: {type(problem).__name__}: {problem}")
        return
    pipe.send(([], 0.0))
    stopped = threading.Event()
    seen: list[list[float] | str] = []
    begun = time.monotonic()
    threads = [
        threading.Thread(
            target=lambda official, place: seen.append(_read(official, place, count, stopped)),
            args=(official, place),
        )
        for place, official in enumerate(officials)
    ]
    for thread in threads:
        thread.start()
    pipe.recv()
    stopped.set()
    for thread in threads:
        thread.join()
    latencies: list[float] = []
    for one in seen:
        if isinstance(one, str):
            pipe.send(one)
            return
        latencies += one
    pipe.send((latencies, time.monotonic() - begun))


def _read(
    official: Official, place: int, count: int, stopped: threading.Event
) -> list[float] | str:
    """Open one page after the other, each reader at another moment of the second.

    Returns the latency of each, or what went wrong.
    """
    latencies: list[float] = []
    pause = EVERY_S * place / count
    try:
        for page in islice(cycle(PAGES), place, None):
            if stopped.wait(pause):
                break
            start = time.monotonic()
            official.open(page)
            latencies.append(time.monotonic() - start)
            pause = max(0.0, EVERY_S - latencies[-1])
    except Exception as problem:  # the parent must hear of it
        return f"readers: {type(problem).__name__}: {problem}"
    finally:
        official.close()
    return latencies
