"""Pages by cursor: stable while rows arrive, no page numbers, no OFFSET.

A cursor is the key of the row a page begins after. It is opaque but not secret and not trusted:
whatever comes out of one is typed and then bound as a parameter.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from werkzeug.exceptions import BadRequest

from portal.web.i18n import lazy_gettext
from portal.web.urls import here

Row = TypeVar("Row")
Key = TypeVar("Key", int, str)
PARAMETER = "cursor"
LONGEST = 512


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page and the addresses of its neighbours (None at the ends)."""

    rows: list[Row]
    previous: str | None
    next: str | None


def both_ways(
    rows: list[Row],
    size: int,
    place: Callable[[Row], str],
    *,
    continued: bool,
    backward: bool,
) -> Page[Row]:
    """Cut up to ``size + 1`` rows, read after a cursor or ``backward`` before it, into a page.

    ``place`` gives the cursor of a row; ``continued`` says that the rows were read from a cursor.
    The address of the page before carries ``back``.
    """
    beyond = len(rows) > size
    shown = (rows[1:] if backward else rows[:-1]) if beyond else rows
    before = beyond if backward else continued
    after = backward or beyond
    return Page(
        shown,
        here(cursor=place(shown[0]), back=1) if shown and before else None,
        here(cursor=place(shown[-1]), back=None) if shown and after else None,
    )


@dataclass(frozen=True)
class Part(Page[Row]):
    """A part of rows that are all known; ``first`` and ``last`` count from 1, of ``whole``."""

    first: int
    last: int
    whole: int


def places(size: int, query: Mapping[str, str]) -> range:
    """Which of many rows a page shows: those from the one on that the cursor names.

    Raises BadRequest for a cursor that this site did not make.
    """
    start = max(0, read_cursor(query, int) or 0)
    return range(start, start + size)


def part(rows: list[Row], size: int, query: Mapping[str, str]) -> Part[Row]:
    """The ``size`` rows from the one on that the cursor names, which is how many come before.

    Rows may have become fewer: a cursor beyond them names the first. Raises BadRequest for a cursor
    that this site did not make.
    """
    start = places(size, query).start
    if start >= len(rows):
        start = 0
    shown = rows[start : start + size]
    last = start + len(shown)
    before = max(0, start - size)
    return Part(
        shown,
        here(cursor=cursor(before) if before else None) if start else None,
        here(cursor=cursor(last)) if last < len(rows) else None,
        start + 1,
        last,
        len(rows),
    )


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A page of a list whose newest comes first; addresses of the newest and of older ones."""

    rows: list[Row]
    newest: str | None
    older: str | None


def cursor(key: int | str) -> str:
    """The cursor that begins after ``key``, as it stands in an address."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).rstrip(b"=").decode()


def read_cursor(query: Mapping[str, str], kind: type[Key]) -> Key | None:
    """The key in an address; None when there is none.

    Raises BadRequest for anything that this site did not make.
    """
    text = query.get(PARAMETER, "")
    if not text:
        return None
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = json.loads(raw)
        if not storable(key, kind):
            raise ValueError("wrong shape")
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        message = str(lazy_gettext("This link to a page of the list is damaged."))
        raise BadRequest(message) from error
    return kind(key)


def storable(value: object, kind: type) -> bool:
    """Whether ``value`` is exactly a ``kind`` that the database can compare with."""
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return abs(value) < 2**63
    return not isinstance(value, str) or "\0" not in value


def listing(rows: list[Row], size: int, key: str, continued: bool) -> Listing[Row]:
    """Cut up to ``size + 1`` rows into a page; ``key`` is the column that a cursor holds."""
    shown = rows[:size]
    older = None
    if len(rows) > size:
        last: Any = shown[-1]
        value = last[key]
        older = here(cursor=cursor(value if isinstance(value, int) else str(value)))
    return Listing(shown, here() if continued else None, older)
