"""What all public answers share: the blueprint, strict addresses, and answers that are kept.

An address has exactly the parameters that its view names; any other is refused, so that nobody can
fill a cache with copies of one page or have it keep one under another's name. Bodies are kept in
each worker by address and by the number of the last change, and by the minute, as time alone
changes what is in force. No answer says anything of the host that it was asked by.
"""

from __future__ import annotations

import gzip
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException

from portal import db
from portal.web import errors
from portal.web.i18n import LANGUAGES, lazy_gettext, speak
from portal.web.rendering import render

LANGUAGE = f"<any({','.join(LANGUAGES)}):lang>"
SECONDS = 60  # for which an answer may be kept by caches
KEPT_BYTES = 64 << 20
LEAST_TO_COMPRESS = 1_000
PAGE = "text/html; charset=utf-8"

blueprint = Blueprint("open_data", __name__, url_prefix="/open")


@blueprint.url_value_preprocessor
def speak_by_address(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """The language is in the address: no cookie is read."""
    if values and isinstance(code := values.get("lang"), str):
        speak(code)


@dataclass(frozen=True)
class Version:
    """Up to which change the public pages tell, and of which log."""

    registry: int
    blocked: int
    blocked_at: datetime | None
    origin: str

    def state(self) -> tuple[int, int, int]:
        """What an answer about what is in force now is kept by: the changes, and the minute."""
        return self.registry, self.blocked, int(time.time()) // SECONDS


@dataclass(frozen=True)
class Kept:
    """A body as it is sent, and compressed; ``tag`` is of its bytes."""

    body: bytes
    compressed: bytes | None
    tag: str
    content_type: str

    @property
    def size(self) -> int:
        return len(self.body) + len(self.compressed or b"") + 200


class Shelf:
    """Bodies of this worker, the least used dropped first; bounded in bytes."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most, self._used = most, 0
        self._kept: OrderedDict[tuple[str, ...], tuple[object, Kept]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...], version: object) -> Kept | None:
        """What is kept under the key, if it is of this version."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != version:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def put(self, key: tuple[str, ...], version: object, kept: Kept) -> None:
        """Keep a body; one that is larger than a quarter of the shelf is not."""
        if kept.size > self._most // 4:
            return
        with self._lock:
            if (old := self._kept.pop(key, None)) is not None:
                self._used -= old[1].size
            self._kept[key] = (version, kept)
            self._used += kept.size
            while self._used > self._most:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._used -= dropped.size


shelf = Shelf()


def parameters(*names: str, longest: int = 300) -> dict[str, str]:
    """The query, which has these parameters alone, each once; BadRequest for all else."""
    if set(request.args) - set(names) or any(len(v) > 1 for _, v in request.args.lists()):
        raise BadRequest(lazy_gettext("The address has a parameter that this page does not know."))
    given = {name: request.args.get(name, "") for name in names}
    if any(len(value) > longest or "\0" in value for value in given.values()):
        raise BadRequest(lazy_gettext("A parameter of the address is too long."))
    return given


def number(text: str, *, least: int, most: int, default: int) -> int:
    """A parameter that is a number within bounds; BadRequest for another."""
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 19 or not least <= int(text) <= most:
        raise BadRequest(lazy_gettext("A number in the address is out of range."))
    return int(text)


def version(conn: db.Connection) -> Version:
    """What the registers and the list are at, now."""
    row = db.call(conn, "open_data.version")[0]
    return Version(
        row["registry_change"], row["blocked_change"], row["blocked_at"], row["origin"] or ""
    )


def kept(key: Iterable[str], state: object, make: Callable[[], tuple[bytes, str]]) -> Response:
    """The body under the key as it is in this state, made if it is not there; conditional."""
    place = tuple(key)
    found = shelf.get(place, state)
    if found is None:
        body, content_type = make()
        compressed = None
        if len(body) >= LEAST_TO_COMPRESS:
            compressed = gzip.compress(body, 6, mtime=0)
        found = Kept(body, compressed, sha256(body).hexdigest()[:32], content_type)
        shelf.put(place, state, found)
    return answer(found)


def page(
    key: Iterable[str], conn: db.Connection, template: str, make: Callable[[], dict[str, Any]]
) -> Response:
    """A page, whose context is made only if the page is not kept."""
    now = version(conn)

    def drawn() -> tuple[bytes, str]:
        made = render(template, made_at=datetime.now(UTC), version=now, **make())
        return made.get_data(), PAGE

    return kept(key, now.state(), drawn)


def answer(found: Kept) -> Response:
    """What is kept, compressed where that is accepted; 304 where it is known already."""
    packed = found.compressed is not None and request.accept_encodings["gzip"] > 0
    response = Response(found.compressed if packed else found.body, content_type=found.content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if found.compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.set_etag(found.tag + ("-gz" if packed else ""))
    response.make_conditional(request)
    return response


def open_to_programs(response: Response) -> Response:
    """Files are for scripts of other sites, too: they hold nothing of whoever asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def render_error(error: HTTPException) -> ResponseReturnValue:
    """A page for people, a line of text for programs; neither is kept by caches."""
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    words = errors.words_for(error)
    detail = errors.told_by_us(error) or str(words.advice)
    lang = next((one for one in LANGUAGES if request.path.startswith(f"/open/{one}/")), None)
    if lang is None:
        made = Response(f"{detail}\n", code, content_type="text/plain; charset=utf-8")
    else:
        made = render(
            "open_data/error.html", status=code, lang=lang, title=str(words.title), detail=detail,
            made_at=datetime.now(UTC), version=None,
        )  # fmt: skip
    for name, value in error.get_headers():
        if name in errors.KEPT_HEADERS:
            made.headers[name] = value
    return made
