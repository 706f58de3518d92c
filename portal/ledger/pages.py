"""What the pages of the ledger share: readers, sizes, names of what rows refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from portal import db
from portal.identity.login import Viewer
from portal.ledger import gateway
from portal.registry.names import Currency, Names, Objects, read_objects

READERS = ("regulator", "tax_service", "auditor", "operator")
KEY_READERS = frozenset({"regulator", "auditor", "operator"})
FIELDS = {
    "period": "period-from",
    "from": "period-from",
    "to": "period-to",
    "until": "period-until",
    "operator": "filter-operator",
    "gambling": "filter-gambling",
    "currency": "filter-currency",
    "type": "filter-type",
    "breach": "filter-breach",
    "payment": "filter-payment",
    "amount_from": "filter-amount_from",
    "round": "filter-round",
    "amount_to": "filter-amount_to",
    "licence": "filter-licence",
    "channel": "filter-channel",
    "game": "filter-game",
    "equipment": "filter-equipment",
}

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")


def objects_of(conn: db.Connection, rows: Iterable[db.Row]) -> Objects:
    """Names of everything that transactions refer to."""
    rows = list(rows)
    return read_objects(
        conn,
        licences=(row["licence_id"] for row in rows),
        channels=(row["channel_id"] for row in rows),
        equipment=(row["equipment_id"] for row in rows),
        games=(row["game_id"] for row in rows),
    )


def keys_of(conn: db.Connection, viewer: Viewer, rows: Iterable[db.Row]) -> dict[int, db.Row]:
    """Access keys behind rows, for those who may see keys."""
    if viewer.role not in KEY_READERS:
        return {}
    return gateway.access_keys(conn, (row["access_key_id"] for row in rows))


def sums(totals: list[dict[str, int]], names: Names) -> list[tuple[Currency, dict[int, int]]]:
    """A batch's net sums by currency and type: ordinary records less cancelling ones."""
    by_currency: dict[int, dict[int, int]] = {}
    for one in totals:
        own = by_currency.setdefault(one["currency"], {})
        own[one["type"]] = one["amount_minor"] - one["cancelled_minor"]
    return [
        (names.currencies[currency], own)
        for currency, own in sorted(by_currency.items())
        if currency in names.currencies
    ]


def summary(errors: dict[str, Any]) -> list[tuple[str, Any]]:
    """Errors for the summary: the id of the field, and what is wrong with it."""
    return [(FIELDS.get(field, "main"), text) for field, text in errors.items()]
