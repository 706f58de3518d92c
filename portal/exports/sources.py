"""Pages whose tables can be taken away: each says how its table is built from its address.

The same function builds the table for a file made at once and for one made later by a runner, with
the rights of whoever asked; so what it needs is in its arguments, never in the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from werkzeug.datastructures import MultiDict

from portal import db
from portal.exports.table import Table
from portal.identity.login import Viewer
from portal.web.i18n import LazyString

EXTENSION = "dozir_exports"
# Parameters of an address that choose a page of a list or a kind of file, not rows.
OF_THE_PAGE = frozenset({"format", "cursor", "back", "refresh"})
Query = MultiDict[str, str]
Errors = Mapping[str, LazyString]


class NotExportable(Exception):
    """The address makes no sense: field -> what is wrong with it."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Source:
    """A page with a table.

    ``build`` gets a connection with the reader's rights, the reader, the values in the path of the
    address and its query, and raises NotExportable or NotFound. It may return before rows are
    read: they are read on the same connection.
    """

    endpoint: str
    label: LazyString
    build: Callable[[db.Connection, Viewer, Mapping[str, Any], Query], Table]


def register(app: Flask, *sources: Source) -> None:
    """Add pages; the same one twice is a mistake."""
    known: dict[str, Source] = app.extensions.setdefault(EXTENSION, {})
    for one in sources:
        if one.endpoint in known:
            raise ValueError(f"exports of {one.endpoint} registered twice")
        known[one.endpoint] = one


def known() -> dict[str, Source]:
    """All of them, by endpoint."""
    found: dict[str, Source] = current_app.extensions.get(EXTENSION, {})
    return found


def source(endpoint: str) -> Source | None:
    """The one of that page."""
    return known().get(endpoint)


def may_open(endpoint: str, role: str) -> bool:
    """Whether the page behind a source is open to a role."""
    view = current_app.view_functions.get(endpoint)
    return role in getattr(view, "audience", frozenset())
