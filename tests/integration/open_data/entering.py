"""What officials enter into the registers of blocked addresses and of providers."""

from __future__ import annotations

from itertools import count
from typing import Any

from portal import db
from portal.registry import gateway
from tests.support.databases import Database

SINCE = "2026-01-01T00:00:00+00:00"
_number = count(1)


def entered(
    kind: str, action: str = "create", record_id: int | None = None, **proposal: Any
) -> Any:
    """The record's id, or the codes of what is wrong with it, by attribute."""
    with db.owner_acting_as("registrar", actor="person 0") as conn:
        version = None
        if record_id is not None:
            version = gateway.record(conn, kind, record_id)["version"]
        begun = gateway.begin(
            conn, kind=kind, action=action, record_id=record_id, operator_id=None,
            proposed=proposal, **({"base_version": version} if version else {}),
        )  # fmt: skip
        if begun["errors"]:
            return {one["attribute"]: one["code"] for one in begun["errors"]}
        return gateway.step(conn, begun["id"], "enter", reason="Розпорядження")["record_id"]


def block(address: str | None = None, kind: str = "site", **other: Any) -> Any:
    """Put an address on the list."""
    record = {
        "site_kind": kind,
        "address": address or f"illegal-{next(_number)}.example.net",
        "order_number": "1-Р",
        "order_date": SINCE,
        "blocked_from": SINCE,
    }
    return entered("blocked_site", **record | other)


def provider(code: str) -> int:
    """A provider of that code; its id."""
    made = entered("provider", code=code, name_uk=code, name_en=code, active_from=SINCE)
    assert isinstance(made, int), made
    return made


def complaints_of(database: Database, address: str) -> list[dict[str, Any]]:
    """Complaints that are kept about an address."""
    with database.connect() as conn:
        cursor = conn.execute(
            "select * from blocking.complaint where address = %s order by id", (address,)
        )
        names = [one.name for one in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
