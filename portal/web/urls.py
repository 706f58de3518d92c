"""Addresses that keep the state of a page, and addresses that are safe to go back to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlsplit

from flask import Flask, current_app, g, request, url_for

HOME = "/"
API_PREFIX = "/api/"  # what programs ask, not people
PUBLIC_PREFIX = "/open/"  # the same for everyone: no session, no cookie
LONGEST_ID = 10  # digits of the largest integer
SEVERAL = (list, tuple, set, frozenset)  # values that repeat their key


def safe_next(target: str | None, default: str = HOME) -> str:
    """``target`` if it is a path on this site, else ``default``.

    Refused: other schemes and hosts, ``//host`` and ``/\\host`` (which browsers read as a host),
    and control characters (which browsers drop before they parse).
    """
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return default
    if any(ord(char) < 32 or ord(char) == 127 for char in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def path_of(endpoint: str, **values: Any) -> str:
    """The path of a page, found once for an answer: a table has hundreds of links to it."""
    known: dict[tuple[str, ...], str] = g.setdefault("paths", {})
    key = (endpoint, *values.values())
    if key not in known:
        known[key] = url_for(endpoint, **values)
    return known[key]


@lru_cache(4096)
def _pair(key: str, value: str) -> str:
    """A page has hundreds of addresses, which ask the same few things."""
    return f"{quote_plus(key)}={quote_plus(value)}"


def address(path: str, query: Mapping[str, object]) -> str:
    """``path`` with ``query``; None and empty values are left out, lists repeat their key."""
    pairs: list[str] = []
    for key, value in query.items():
        if value is None or value == "":
            continue
        if isinstance(value, SEVERAL):
            pairs += [_pair(key, str(item)) for item in value if item is not None and item != ""]
        else:
            pairs.append(_pair(key, str(value)))
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def here(**changes: object) -> str:
    """The current address with some query parameters changed; None removes one.

    Only what is a page's own state stays: a paging ``cursor`` is dropped unless given, because it
    belongs to the rows that the old filters chose.
    """
    query: dict[str, object] = dict(request.args.lists())
    query.pop("cursor", None)
    query.update(changes)
    return address(request.path, query)


def way_back() -> str:
    """Where a link that only changes how pages look comes back to: this page with its filters."""
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else HOME


def back_to_report() -> str | None:
    """The report from which a list was reached, as its link says it; None for anything else."""
    target = safe_next(request.args.get("back"), "")
    return target if target.startswith("/reports/") else None


def language_address(code: str) -> str:
    """The link that switches to a language and comes back to the same page and filters."""
    return url_for("web.language", code=code, next=way_back())


def page_address(endpoint: str, **values: Any) -> str | None:
    """The address of a page that not every application has; None where there is none."""
    known = endpoint in current_app.view_functions
    return url_for(endpoint, **values) if known else None


def init_app(app: Flask) -> None:
    """Gives templates ``here``, ``back_to_report``, ``language_address``, ``page_address``."""
    app.jinja_env.globals.update(
        here=here,
        back_to_report=back_to_report,
        language_address=language_address,
        page_address=page_address,
    )
