"""What a delivery tells of its page besides the link: a few figures, never rows, never a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Flask, current_app
from werkzeug.datastructures import MultiDict

from portal import db, exports
from portal.exports.sources import source
from portal.identity.login import Viewer
from portal.web import formats
from portal.web.i18n import gettext

EXTENSION = "dozir_subscription_heads"
MOST_COUNTED = 5_000
Lines = list[tuple[str, str]]
Query = MultiDict[str, str]


@dataclass(frozen=True)
class Head:
    """The figures of a page: pairs of a name and a figure in words, read with the reader's rights.

    ``read`` gets what :class:`portal.exports.Source` gets, and raises the same.
    """

    endpoint: str
    read: Callable[[db.Connection, Viewer, Mapping[str, Any], Query], Lines]


def register(app: Flask, *heads: Head) -> None:
    """Add heads; the same page twice is a mistake."""
    known: dict[str, Head] = app.extensions.setdefault(EXTENSION, {})
    for one in heads:
        if one.endpoint in known:
            raise ValueError(f"the head of {one.endpoint} registered twice")
        known[one.endpoint] = one


def head(
    conn: db.Connection, viewer: Viewer, endpoint: str, path: Mapping[str, Any], query: Query
) -> Lines:
    """The figures of a page: its own, else how many rows its table has, if it has one.

    Raises NotFound, NotExportable and what the database raises.
    """
    known: dict[str, Head] = current_app.extensions.get(EXTENSION, {})
    if endpoint in known:
        return known[endpoint].read(conn, viewer, path, query)
    own: exports.Source | None = source(endpoint)
    if own is None:
        return []
    rows = own.build(conn, viewer, path, query).rows
    number = sum(1 for _ in islice(iter(rows), MOST_COUNTED + 1))
    if number > MOST_COUNTED:
        told = gettext("more than %(number)s", number=formats.count(MOST_COUNTED))
    else:
        told = formats.count(number)
    return [(gettext("Rows"), told)]
