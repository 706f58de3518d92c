"""Asking somebody else's server once over HTTP, within a time and a size.

No redirections, no other schemes, no cookies: whoever answers must be whom we asked.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException

PART = 64 * 1024


class NoAnswer(Exception):
    """There is no answer that counts; the message says why."""


def ask(
    url: str,
    body: bytes = b"",
    content_type: str = "",
    *,
    largest: int,
    connect_seconds: float,
    answer_seconds: float,
) -> bytes:
    """The body of a successful answer: to a POST where there is a body to send, else to a GET.

    ``url`` begins with http:// or https://, which the caller has looked at. Raises NoAnswer.
    """
    asked = urllib.request.Request(  # noqa: S310 - http or https, as the caller says
        url,
        body or None,
        {"Content-Type": content_type} if content_type else {},
        method="POST" if body else "GET",
    )
    deadline = time.monotonic() + answer_seconds
    answer = bytearray()
    try:
        with _opener().open(asked, timeout=connect_seconds) as response:
            while part := response.read1(PART):
                answer += part
                if len(answer) > largest:
                    raise NoAnswer("an answer too long")
                if time.monotonic() > deadline:
                    raise NoAnswer("an answer too slow")
    except urllib.error.HTTPError as problem:
        problem.close()
        raise NoAnswer(f"it answers with status {problem.code}") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise NoAnswer(f"no answer: {type(problem).__name__}") from None
    return bytes(answer)


def _opener() -> urllib.request.OpenerDirector:
    """HTTP, HTTPS and a proxy of the environment; no files, no other schemes, no redirections."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPErrorProcessor,
    ):  # fmt: skip
        opener.add_handler(handler())
    return opener
