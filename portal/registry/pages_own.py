"""An operator's own affairs on one page: what came in, is missing, runs out, waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry import counts
from portal.registry.catalogue import Catalogue, read_catalogue
from portal.registry.pages import KINDS, blueprint
from portal.web.i18n import gettext, language
from portal.web.periods import ONE_DAY, midnight, today
from portal.web.rendering import render

AHEAD = timedelta(days=90)
DEADLINES = 50


@dataclass(frozen=True)
class Deadline:
    """What runs out, when, and where it is looked at."""

    what: str
    kind: str
    until: datetime
    address: str


@blueprint.get("/own")
@audience("operator")
def own() -> ResponseReturnValue:
    """The workspace of an operator's people."""
    viewer = current_viewer()
    start = midnight(today() - 29 * ONE_DAY)
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn)
        arrived = conn.execute(
            "select coalesce(sum(i.batch_count), 0)::bigint as batches,"
            " coalesce(sum(i.row_count), 0)::bigint as rows,"
            " coalesce(sum(i.late_count), 0)::bigint as late,"
            " coalesce(sum(i.refusal_count), 0)::bigint as refusals, max(i.last_at) as last"
            " from api.ingest_hour as i where i.operator_id = %s and i.hour >= %s",
            (viewer.operator_id, start),
        ).fetchone()
        gaps = db.call(conn, "api.tasks_of_streams")
        waiting = conn.execute(
            "select c.state, count(*) as number from api.change as c"
            " where c.state in ('draft', 'submitted', 'in_review', 'returned') group by c.state"
        ).fetchall()
        registers = _registers(conn, catalogue, viewer.operator_id)
        deadlines = _deadlines(conn, catalogue, viewer.operator_id)
    order = list(catalogue.states["change"])
    return render(
        "registry/own.html",
        arrived=arrived,
        gaps=[row for row in gaps if row["operator_id"] == viewer.operator_id],
        waiting=[
            (catalogue.state(None, row["state"]), row["number"])
            for row in sorted(waiting, key=lambda row: order.index(row["state"]))
        ],
        registers=registers,
        deadlines=deadlines,
        ahead=AHEAD.days,
    )


def _registers(
    conn: db.Connection, catalogue: Catalogue, operator_id: int | None
) -> list[tuple[str, str, int, int]]:
    """Each register: kind, name, records in all and those not yet ended."""
    numbers = counts.by_state(conn, operator_id)
    found = []
    for name in KINDS:
        kind, states = catalogue.kinds[name], numbers.get(name, {})
        present = sum(
            number for state, number in states.items() if not catalogue.state(kind, state).final
        )
        found.append((name, kind.plural, sum(states.values()), present))
    return found


def _deadlines(
    conn: db.Connection, catalogue: Catalogue, operator_id: int | None
) -> list[Deadline]:
    """Records and keys that run out soon, the next first."""
    rows = conn.execute(
        "select e.kind, e.record_id, e.code, e.title_uk, e.title_en, e.until from api.entry as e"
        " where e.operator_id = %(operator)s and e.recorded_until = 'infinity'"
        " and e.kind <> 'access_key'"
        " and e.until > statement_timestamp() and e.until <= statement_timestamp() + %(ahead)s"
        " union all select 'key', k.id, k.key_id, k.label, k.label, k.expires_at"
        " from api.access_key as k where k.operator_id = %(operator)s and k.revoked_at is null"
        " and k.expires_at > statement_timestamp()"
        " and k.expires_at <= statement_timestamp() + %(ahead)s"
        " order by until limit %(limit)s",
        {"operator": operator_id, "ahead": AHEAD, "limit": DEADLINES},
    ).fetchall()
    return [
        Deadline(
            row[f"title_{language()}"],
            gettext("Access key") if row["kind"] == "key" else catalogue.kinds[row["kind"]].name,
            row["until"],
            url_for("registry.key", key_id=row["record_id"])
            if row["kind"] == "key"
            else url_for("registry.record", kind=row["kind"], record_id=row["record_id"]),
        )
        for row in rows
    ]
