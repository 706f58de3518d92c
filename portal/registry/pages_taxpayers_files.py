"""Taxpayers with their sums as a table that can be taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal import db
from portal.exports import Column, NotExportable, Source, Table
from portal.exports.sources import Query
from portal.identity.login import Viewer
from portal.registry.catalogue import read_catalogue
from portal.registry.names import read_currencies
from portal.registry.pages import read_search
from portal.registry.pages_taxpayers_rows import SUMS, every, read_filters, with_sums
from portal.web.formats import date_only
from portal.web.i18n import gettext, language, lazy_gettext


def build(conn: db.Connection, _viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """Organisers by taxpayer code, with the sums of the period. Raises NotExportable."""
    filters = read_filters(query, read_currencies(conn))
    if filters.errors:
        raise NotExportable(filters.errors)
    wanted = read_search(query)
    catalogue = read_catalogue(conn)
    organiser = catalogue.kind("organiser")
    period, currency = filters.period, filters.currency
    return Table(
        "taxpayers",
        gettext("Organisers as taxpayers"),
        [
            (gettext("Period"), f"{date_only(period.first)} – {date_only(period.last)}"),
            (gettext("Currency"), currency.code),
            *([(gettext("Search"), wanted)] if wanted else []),
        ],
        {
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "currency": currency.code,
            **({"q": wanted} if wanted else {}),
        },
        datetime.now(UTC),
        [
            Column("taxpayer_code", gettext("Taxpayer code")),
            Column("name", gettext("Organiser")),
            Column("operator", gettext("Code")),
            Column("state", gettext("State")),
            Column("licences_active", gettext("Licences in force"), "count"),
            *(
                Column(name, str(label), "money", currency.digits, currency.code)
                for name, (label, _) in SUMS.items()
            ),
            Column("state_code", gettext("%(what)s (code)", what=gettext("State"))),
        ],
        (
            [
                row["taxpayer_code"],
                row[f"title_{language()}"],
                row["code"],
                catalogue.state(organiser, row["state"]).name,
                row["licences_active"],
                *(row[column] for _, column in SUMS.values()),
                row["state"],
            ]
            for row in with_sums(conn, list(every(conn, wanted)), filters, whole=not wanted)
        ),
        (period.first.isoformat(), period.last.isoformat(), currency.code),
    )


SOURCE = Source("registry.taxpayers", lazy_gettext("Organisers as taxpayers"), build)
