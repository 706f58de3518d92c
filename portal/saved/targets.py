"""Pages whose views can be saved, and what of an address belongs to a view."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for
from werkzeug.routing import BuildError

from portal import db
from portal.web import shell
from portal.web.i18n import LazyString
from portal.web.urls import address as with_query

EXTENSION = "dozir_saved_views"
# What Flask takes for its own has an underscore in front: no parameter of a page begins so.
NAME = re.compile("[a-z][a-z0-9_]{0,62}")
MOST_VALUES = 200
LONGEST_VALUE = 500
Path = Mapping[str, str | int]
Query = Mapping[str, list[str]]


@dataclass(frozen=True)
class Target:
    """A page whose views can be saved.

    ``path`` names the values in the path of its address, ``parameters`` tells which names its query
    may have; anything else in an address is left out, as is the place in a list (``cursor``).
    """

    endpoint: str
    label: Callable[[db.Connection, Path], str | LazyString]
    parameters: Callable[[db.Connection, Path], Collection[str]]
    path: frozenset[str] = frozenset()


def register(app: Flask, *targets: Target) -> None:
    """Add pages; the same one twice is a mistake."""
    known: dict[str, Target] = app.extensions.setdefault(EXTENSION, {})
    for one in targets:
        if one.endpoint in known:
            raise ValueError(f"views of {one.endpoint} registered twice")
        known[one.endpoint] = one


def target(endpoint: str | None) -> Target | None:
    """The page of that name."""
    known: dict[str, Target] = current_app.extensions.get(EXTENSION, {})
    return known.get(endpoint or "")


def open_to(own: Target, role: str) -> bool:
    """Whether a role may see that page."""
    view = current_app.view_functions.get(own.endpoint)
    return role in getattr(view, "audience", frozenset())


def link_about_this_page(endpoint: str) -> str | None:
    """The address of a page that is told of the page in view; None where that cannot be saved."""
    person = shell.viewer()
    own = target(request.endpoint)
    if person is None or own is None or not open_to(own, person.role):
        return None
    query = [(name, value) for name, values in request.args.lists() for value in values if value]
    return with_query(
        url_for(endpoint),
        {
            "target": own.endpoint,
            "path": json.dumps(request.view_args) if request.view_args else None,
            "query": urlencode(query),
        },
    )


def kept(
    own: Target, conn: db.Connection, path: Mapping[str, Any], query: Iterable[tuple[str, str]]
) -> tuple[dict[str, str | int], dict[str, list[str]]]:
    """What of an address belongs to the view: path and query, of known names alone."""
    inside: dict[str, str | int] = {
        name: value
        for name, value in path.items()
        if name in own.path and (isinstance(value, str) or type(value) is int)
    }
    allowed = {name for name in own.parameters(conn, inside) if NAME.fullmatch(name)}
    found: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(query):
        if number >= MOST_VALUES:
            break
        if name in allowed and value and len(value) <= LONGEST_VALUE and "\0" not in value:
            found.setdefault(name, []).append(value)
    return inside, found


def address(own: Target, path: Path, query: Query) -> str | None:
    """The page's address on this site; None where the path does not fit any more."""
    clean = {name: values for name, values in query.items() if NAME.fullmatch(name)}
    inside = {name: value for name, value in path.items() if name in own.path}
    try:
        return url_for(own.endpoint, **{**clean, **inside})  # type: ignore[arg-type]
    except (BuildError, ValueError):
        return None
