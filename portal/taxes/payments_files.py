"""Paid taxes as a table that can be taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from portal import db
from portal.exports import Column, NotExportable, Source, Table
from portal.exports.sources import Query
from portal.identity.login import Viewer
from portal.registry import desk
from portal.registry.names import read_names
from portal.taxes import gateway, payments_asking, words
from portal.taxes.payments_asking import STATES
from portal.taxes.payments_reading import DIGITS
from portal.web.i18n import gettext, language, lazy_gettext

AT_ONCE = 1000


def build(conn: db.Connection, _viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """The payments that the address asks for, the last first. Raises NotExportable."""
    asked = payments_asking.read(query, read_names(conn))
    if asked.errors:
        raise NotExportable(asked.errors)
    return Table(
        "tax-payments",
        gettext("Paid taxes"),
        [(label, value) for _, label, value in asked.told()],
        asked.query,
        datetime.now(UTC),
        [
            Column("number", gettext("Number"), "count"),
            Column("taxpayer", gettext("Taxpayer code")),
            Column("name", gettext("Organiser")),
            Column("tax", gettext("Tax")),
            Column("month", gettext("For the month"), "date"),
            Column("paid_on", gettext("Paid on"), "date"),
            Column("amount", gettext("Amount"), "money", DIGITS, "UAH"),
            Column("document", gettext("Number of the document")),
            Column("recorded_at", gettext("Recorded at"), "moment"),
            Column("recorded_by", gettext("Recorded by")),
            Column("state", gettext("State")),
            Column("taken_back_at", gettext("Taken back at"), "moment"),
            Column("reason", gettext("Reason")),
            Column("tax_code", gettext("%(what)s (code)", what=gettext("Tax"))),
        ],
        _rows(conn, asked.chosen),
        list(asked.query.values()),
    )


def _rows(conn: db.Connection, chosen: Mapping[str, Any]) -> Iterator[list[Any]]:
    payers = gateway.payers(conn)
    name = f"name_{language()}"
    before = None
    while rows := gateway.payments(conn, chosen, before=before, limit=AT_ONCE):
        people = desk.People(conn, [row["recorded_by"] for row in rows])
        for row in rows:
            payer = payers[row["operator_id"]]
            yield [
                row["id"],
                payer["taxpayer_code"],
                payer[name],
                str(words.PAID[row["kind"]]),
                row["month"],
                row["paid_on"],
                row["amount_minor"],
                row["document"],
                row["recorded_at"],
                people.name(row["recorded_by"]),
                str(STATES["taken_back" if row["taken_back_at"] else "counts"]),
                row["taken_back_at"],
                row["taken_back_reason"],
                row["kind"],
            ]
        before = rows[-1]["id"]


SOURCE = Source("taxes.payments", lazy_gettext("Paid taxes"), build)
