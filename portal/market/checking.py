"""After a simulation: what the server says it has, and whether its aggregates are exact."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

from portal import db
from portal.market.batch import Tally
from portal.market.client import Client
from portal.market.simulation import Simulation
from portal.market.summary import receipt_totals

_LATEST_BEFORE = timedelta(days=2)  # late records are dated a few hours back
_MAX_SHOWN = 5


def check_receipts(simulation: Simulation) -> list[str]:
    """Read every receipt of the run back through the API; what does not hold, in words.

    Raises NoAnswer when the server cannot be reached.
    """
    found = Tally()
    with closing(Client(simulation.plan.url, threading.Event())) as client:
        for player in simulation.players:
            if player.first_receipt is None:
                continue
            after, more = player.first_receipt - 1, True
            while more:
                answer = client.get(
                    f"/api/v1/batches?after={after}&limit=1000", player.authorization
                )
                if answer.status != 200:
                    return [f"GET /api/v1/batches was answered {answer.status} {answer.code}"]
                for receipt in answer.body["batches"]:
                    if receipt["stream"] == simulation.stream:
                        found.add(receipt_totals(receipt))
                after, more = answer.body["next_after"], answer.body["more"]
    sent = simulation.summary.sent.types
    return [
        f"{name}: sent {sent.get(name)}, the server lists {found.types.get(name)}"
        for name in sorted(sent.keys() | found.types.keys())
        if sent.get(name) != found.types.get(name)
    ]


def check_database(simulation: Simulation) -> list[str]:
    """Have the database recount its aggregates over the time played; what differs, in words."""
    start = datetime.fromtimestamp(simulation.plan.start_ms / 1000, UTC)
    since = start - timedelta(seconds=simulation.plan.backlog_s) - _LATEST_BEFORE
    with db.migrator() as conn:
        rows = db.call(conn, "report.check_rollups", since, datetime.now(UTC) + timedelta(days=1))
    shown = [f"{row['object']} differs at {row['key']}" for row in rows[:_MAX_SHOWN]]
    if len(rows) > _MAX_SHOWN:
        shown.append(f"and {len(rows) - _MAX_SHOWN} more differences")
    return shown


def ledger_is_empty() -> bool:
    """Whether no batch was ever accepted here."""
    with db.acting_as("auditor") as conn:
        return not db.call(conn, "api.batches", p_limit=1)
