"""Pages by cursor: stable while rows arrive, no page numbers, no OFFSET.

A cursor is the sort key of the row a page begins after, and the direction. It is opaque but not
secret and not trusted: whatever comes out of one is typed and then bound as a parameter.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from werkzeug.exceptions import BadRequest

from portal.web.i18n import lazy_gettext
from portal.web.urls import here

Row = TypeVar("Row")
PARAMETER = "cursor"
LONGEST = 512


@dataclass(frozen=True)
class Cursor:
    """Rows after ``key`` in list order (``forward``), or the rows before it."""

    key: tuple[Any, ...]
    forward: bool = True

    def encode(self) -> str:
        """The cursor as it stands in an address."""
        text = json.dumps([int(self.forward), *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page and the addresses of its neighbours (None at the ends)."""

    rows: list[Row]
    previous: str | None
    next: str | None


def storable(value: object, kind: type) -> bool:
    """Whether ``value`` is exactly a ``kind`` that the database can compare with."""
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return abs(value) < 2**63
    return not isinstance(value, str) or "\0" not in value


def read_cursor(query: Mapping[str, str], *types: type) -> Cursor | None:
    """The cursor in an address, its key checked against ``types``; None when there is none.

    Raises BadRequest for anything that this site did not make.
    """
    text = query.get(PARAMETER, "")
    if not text:
        return None
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        forward, *key = json.loads(raw)
        fits = len(key) == len(types) and all(
            storable(value, kind) for value, kind in zip(key, types, strict=True)
        )
        if forward not in (0, 1) or not fits:
            raise ValueError("wrong shape")
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        message = str(lazy_gettext("This link to a page of the list is damaged."))
        raise BadRequest(message) from error
    return Cursor(tuple(key), bool(forward))


def page_of(
    rows: Sequence[Row],
    cursor: Cursor | None,
    size: int,
    key: Callable[[Row], tuple[Any, ...]],
) -> Page[Row]:
    """Cuts what a query returned into a page.

    ``rows`` are up to ``size + 1`` rows in the order they were read: list order going forward,
    reversed going back; the one too many says that there is more.
    """
    more = len(rows) > size
    shown = list(rows[:size])
    forward = cursor is None or cursor.forward
    if not forward:
        shown.reverse()
    has_next = more if forward else True
    has_previous = cursor is not None if forward else more
    if not shown:
        return Page([], here() if cursor else None, None)
    return Page(
        shown,
        here(cursor=Cursor(key(shown[0]), forward=False).encode()) if has_previous else None,
        here(cursor=Cursor(key(shown[-1])).encode()) if has_next else None,
    )


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A page of a list whose newest comes first; addresses of the newest and of older ones."""

    rows: list[Row]
    newest: str | None
    older: str | None


def listing(rows: list[Row], size: int, key: str, continued: bool) -> Listing[Row]:
    """Cut up to ``size + 1`` rows into a page; ``key`` is the column that a cursor holds."""
    shown = rows[:size]
    older = None
    if len(rows) > size:
        last: Any = shown[-1]
        value = last[key]
        cursor = Cursor((value if isinstance(value, int) else str(value),))
        older = here(cursor=cursor.encode())
    return Listing(shown, here() if continued else None, older)
