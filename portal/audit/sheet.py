"""The trail as a table that can be taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from portal import db
from portal.audit import gateway
from portal.audit.filters import Filters, read_filters
from portal.audit.words import ROLES, Words, read_words
from portal.exports import Column, NotExportable, Table
from portal.exports.sources import Query
from portal.exports.table import Value
from portal.identity.login import Viewer
from portal.web.formats import date_only
from portal.web.i18n import gettext


def narrowed(filters: Filters, words: Words) -> list[tuple[str, str, tuple[str, ...]]]:
    """What narrows the trail: label, value, and the parameters that say so."""
    asked = filters.asked
    told: list[tuple[str, str | None, tuple[str, ...]]] = [
        (gettext("From"), date_only(filters.first) if filters.first else None, ("from",)),
        (gettext("to"), date_only(filters.last) if filters.last else None, ("to",)),
        (gettext("Person"), words.person({"person_id": asked.person}), ("person",)),
        (gettext("Role"), str(ROLES[asked.role]) if asked.role else None, ("role",)),
        (gettext("Event"), words.kind({"kind": asked.kind}) if asked.kind else None, ("kind",)),
        (
            gettext("Object"),
            words.object_kinds()[asked.object] if asked.object else None,
            ("object",),
        ),
        (gettext("Number of the object"), asked.object_id, ("number",)),
        (gettext("Operator"), words.operator(asked.concerns), ("operator",)),
    ]
    return [(label, value, fields) for label, value, fields in told if value]


def build(conn: db.Connection, _viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """The trail that the address asks for. Raises NotExportable."""
    filters = read_filters(query, read_words(conn, []))
    if filters.errors:
        raise NotExportable(filters.errors)
    words = read_words(conn, [{"person_id": filters.asked.person}])
    facts = [(label, value) for label, value, _ in narrowed(filters, words)]
    return Table(
        "audit-trail",
        gettext("Audit trail"),
        facts or [(gettext("Filters"), gettext("none"))],
        {name: str(value) for name, value in asdict(filters.asked).items() if value is not None},
        datetime.now(UTC),
        [
            Column("number", gettext("Number"), "count"),
            Column("at", gettext("When"), "moment", precision="millisecond"),
            Column("event", gettext("Event")),
            Column("person", gettext("Person")),
            Column("person_number", gettext("Number of the person"), "count"),
            Column("role", gettext("Role")),
            Column("object", gettext("Object")),
            Column("operator", gettext("Operator")),
            Column("facts", gettext("Facts")),
            Column("address", gettext("Network address")),
            Column("request_id", gettext("Request id")),
            Column("kind", gettext("%(what)s (code)", what=gettext("Event"))),
        ],
        _rows(conn, filters, words),
        ("narrowed",) if facts else (),
    )


def _rows(conn: db.Connection, filters: Filters, words: Words) -> Iterator[list[Value]]:
    for part in gateway.in_parts(conn, filters.asked):
        words.people.update(gateway.people(conn, (one["person_id"] for one in part)))
        for one in part:
            yield [
                one["id"],
                one["at"],
                words.kind(one),
                words.person(one),
                one["person_id"],
                words.role(one),
                words.subject(one),
                words.operator(one["concerns"]),
                json.dumps(one["facts"], ensure_ascii=False, sort_keys=True),
                one["address"],
                one["request_id"],
                one["kind"],
            ]
