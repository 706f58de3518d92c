"""Who acts for an operator: its representatives, their powers, and whether they can enter here."""

from __future__ import annotations

from datetime import UTC, datetime

from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry.catalogue import Catalogue, moment, read_catalogue
from portal.registry.pages import blueprint
from portal.web.i18n import language
from portal.web.rendering import render

KIND = "representative"
SHOWN = 500


@blueprint.get("/people")
@audience("operator")
def people() -> ResponseReturnValue:
    """The operator's representatives: those in force first, each with powers and term."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn, KIND)
        rows = conn.execute(
            "select e.record_id, e.code, e.title_uk, e.title_en, e.state, e.document"
            " from api.entry as e where e.kind = %s and e.operator_id = %s"
            " and e.recorded_until = 'infinity'"
            " order by e.state = 'ended', e.title_uk, e.record_id limit %s",
            (KIND, viewer.operator_id, SHOWN),
        ).fetchall()
    return render(
        "registry/people.html",
        people=[_shown(catalogue, row) for row in rows],
        states=catalogue.states["period"],
    )


def _shown(catalogue: Catalogue, row: db.Row) -> db.Row:
    """A representative with the term as moments and the powers in words."""
    document = row["document"]
    powers = document.get("powers", [])
    since = moment(document["active_from"])
    until = moment(document.get("active_until", "infinity"))
    now = datetime.now(UTC)
    in_force = (since is None or since <= now) and (until is None or now < until)
    return row | {
        "name": row[f"title_{language()}"],
        "position": document.get("position", ""),
        "powers": [catalogue.choice("power", power) for power in powers],
        "since": since,
        "until": until,
        "enters": "portal" in powers and in_force,
    }
