"""Officials with their roles as a table that can be taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from portal import db
from portal.exports import Column, Source, Table
from portal.exports.sources import Query
from portal.identity.login import Viewer
from portal.officials import gateway, words
from portal.officials.pages import read_filters
from portal.web.i18n import gettext, language, lazy_gettext

CHUNK = 500


def build(conn: db.Connection, _viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """Officials that the page shows, the newest first."""
    role, state, search = read_filters(query)
    names = words.role_names(gateway.roles(conn))
    facts = [
        *([(gettext("Role"), names.get(role, role))] if role else []),
        *([(gettext("State"), str(words.STATES[state][0]))] if state else []),
        *([(gettext("Search"), search)] if search else []),
    ]
    return Table(
        "officials",
        gettext("Officials and roles"),
        facts,
        {name: value for name, value in (("role", role), ("state", state), ("q", search)) if value},
        datetime.now(UTC),
        [
            Column("number", gettext("Number"), "count"),
            Column("name", gettext("Official")),
            Column("organisation", gettext("Organisation")),
            Column("role", gettext("Role")),
            Column("state", gettext("State")),
            Column("from", gettext("From"), "moment"),
            Column("until", gettext("Until"), "moment"),
            Column("role_code", gettext("%(what)s (code)", what=gettext("Role"))),
            Column("state_code", gettext("%(what)s (code)", what=gettext("State"))),
        ],
        (
            [
                row["id"],
                row[f"name_{language()}"],
                row[f"organisation_{language()}"],
                names.get(row["role"], row["role"]),
                str(words.STATES[row["state"]][0]),
                row["active_from"],
                row["active_until"],
                row["role"],
                row["state"],
            ]
            for row in _every(conn, role, state, search)
        ),
    )


def _every(conn: db.Connection, role: str, state: str, search: str) -> Iterator[db.Row]:
    after = None
    while rows := gateway.officials(
        conn, role=role, state=state, search=search, after=after, limit=CHUNK
    ):
        yield from rows
        after = rows[-1]["id"]


SOURCE = Source("officials.index", lazy_gettext("Officials and roles"), build)
