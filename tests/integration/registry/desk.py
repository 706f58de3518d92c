"""Officials at their desks and what lies on them: an operator of the test's own and its changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal import db
from portal.registry import gateway
from tests.support import market
from tests.support.databases import Database
from tests.support.market import Operator, register


def operator(database: Database, code: str) -> Operator:
    """An operator with a licence, a venue, a machine and a website; committed."""
    with database.connect() as conn:
        made = register(
            conn,
            market.document(
                code,
                licences=[market.licence(f"{code}-L", "slot_hall")],
                channels=[market.venue("HALL"), market.website("SITE")],
                equipment=[market.machine("SLOT-1", "HALL")],
                games=[market.game("FRUITS", "slot_hall")],
            ),
        )
        conn.execute("reset role")
        conn.execute("select identity.start_demo()")
    return made


@dataclass(frozen=True)
class Change:
    """A change and the version it is in."""

    id: int
    version: int


def proposed(whose: Operator, **other: Any) -> dict[str, Any]:
    """A venue that may be approved."""
    return {
        "code": "HALL-2",
        "name_uk": "Зал 2",
        "name_en": "Hall 2",
        "region": "UA-30",
        "address": f"вул. Нова, 2, {whose.code}",
        "active_from": "2026-01-01T00:00:00+00:00",
    } | other


def submitted(
    whose: Operator,
    proposal: dict[str, Any],
    *,
    kind: str = "venue",
    action: str = "create",
    record_id: int | None = None,
) -> Change:
    """A change that its operator has submitted; committed."""
    with db.acting_as("operator", operator_id=whose.id, actor="person 0") as conn:
        begun = gateway.begin(
            conn, kind=kind, action=action, record_id=record_id, operator_id=None, proposed=proposal
        )
        assert begun["errors"] == []
        sent = gateway.step(conn, begun["id"], "submit")
    return Change(sent["id"], sent["version"])


def state(change: Change) -> str:
    """Where a change stands."""
    with db.acting_as("regulator") as conn:
        return str(gateway.change(conn, change.id)["change"]["state"])
